/** Gives back what it holds, the first first. */
export class Heap<T> {
  readonly #items: T[] = [];
  readonly #isBefore: (a: T, b: T) => boolean;

  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#isBefore = isBefore;
  }

  get size(): number {
    return this.#items.length;
  }

  first(): T | undefined {
    return this.#items[0];
  }

  add(item: T): void {
    const items = this.#items;
    let index = items.push(item) - 1;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = items[parentIndex];
      if (parent === undefined || !this.#isBefore(item, parent)) return;
      items[index] = parent;
      items[parentIndex] = item;
      index = parentIndex;
    }
  }

  takeFirst(): T | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return first;
    let index = 0;
    items[0] = last;
    for (;;) {
      const left = items[2 * index + 1];
      const right = items[2 * index + 2];
      if (left === undefined) return first;
      const takesRight = right !== undefined && this.#isBefore(right, left);
      const child = takesRight ? right : left;
      if (!this.#isBefore(child, last)) return first;
      items[index] = child;
      index = 2 * index + (takesRight ? 2 : 1);
      items[index] = last;
    }
  }
}
