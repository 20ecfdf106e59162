/**
 * Does something with each item, so many at once, and tells what came of it in the order of the items. Nothing is begun
 * for what comes after an item on which it failed, or after which the caller leaves.
 */
export async function* inTurns<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, undefined> {
  const left = [...items];
  const begun: Promise<Result>[] = [];
  const begin = () => {
    const [item] = left.splice(0, 1);
    if (item === undefined) return;
    const promise = work(item);
    // It is awaited in its turn: until then its failure is nobody's yet.
    promise.catch(() => undefined);
    begun.push(promise);
  };
  try {
    for (let n = 0; n < atOnce; n++) begin();
    for (let next = begun.shift(); next !== undefined; next = begun.shift()) {
      const result = await next;
      yield result;
      begin();
    }
  } finally {
    // Nobody works on when this has ended.
    await Promise.allSettled(begun);
  }
  return undefined;
}
