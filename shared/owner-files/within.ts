/**
 * What `work` resolves to, or what `late` makes once it took longer than `ms`. The work itself cannot be stopped.
 */
export async function within<T>(ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  const signal = AbortSignal.timeout(ms);
  const passed = Promise.withResolvers<never>();
  const tell = (): void => passed.reject(late());
  signal.addEventListener('abort', tell, { once: true });
  try {
    return await Promise.race([work, passed.promise]);
  } finally {
    signal.removeEventListener('abort', tell);
  }
}
