import type { Clock } from '../ports/clock.ts';

/**
 * What `work` resolves to, or what `late` makes once it took longer than `ms` on that clock. Work that does not
 * heed its signal goes on, and nobody waits for it.
 */
export async function within<T>(
  clock: Pick<Clock, 'sleep'>,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  late: () => Error,
): Promise<T> {
  const [ended, tooLong] = [new AbortController(), new AbortController()];
  const passed = clock.sleep(ms, ended.signal).then(() => {
    const error = late();
    tooLong.abort(error);
    throw error;
  });
  try {
    return await Promise.race([work(tooLong.signal), passed]);
  } finally {
    passed.catch(() => undefined);
    ended.abort();
  }
}
