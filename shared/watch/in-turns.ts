/**
 * Does something with each item, so many at once, and tells what came of it in the order of the items. Nothing is begun
 * for what comes after an item on which it failed, or after which the caller leaves.
 *
 * @param goesOn whether more is begun after this result; what was begun is told all the same
 */
export async function* inTurns<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
  goesOn: (result: Result) => boolean = () => true,
): AsyncGenerator<Result, undefined> {
  const left = items.values();
  const begun: Promise<Result>[] = [];
  const begin = () => {
    const { done, value } = left.next();
    if (done) return;
    const promise = work(value);
    // It is awaited in its turn: until then its failure is nobody's yet.
    promise.catch(() => undefined);
    begun.push(promise);
  };
  let isOpen = true;
  try {
    for (let n = 0; n < atOnce; n++) begin();
    for (let next = begun.shift(); next !== undefined; next = begun.shift()) {
      const result = await next;
      isOpen &&= goesOn(result);
      yield result;
      if (isOpen) begin();
    }
  } finally {
    // Nobody works on when this has ended.
    await Promise.allSettled(begun);
  }
  return undefined;
}
