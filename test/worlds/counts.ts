/** How often each kind of thing happened: shows that the worlds are not hollow. */
export class Counts {
  readonly all = new Map<string, number>();

  add(what: string, by = 1): void {
    this.all.set(what, (this.all.get(what) ?? 0) + by);
  }

  merge(other: ReadonlyMap<string, number>): void {
    for (const [what, count] of other) this.add(what, count);
  }
}
