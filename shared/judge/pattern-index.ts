/**
 * Finds what is filed under patterns that may cover a value, without trying each: by the text before a
 * pattern's first star, or after its last. It may find more than cover the value, and never fewer.
 */
export class PatternIndex {
  readonly #heads: Ends;
  readonly #tails: Ends;

  /** @param filed each pattern with what is filed under it; all are `isFindable` */
  constructor(filed: readonly (readonly [pattern: string, at: number])[]) {
    const patterns = filed.map(([pattern, at]) => ({ ...endsOf(pattern), at }));
    const byHead = Map.groupBy(patterns, ({ head }) => head);
    const byTail = Map.groupBy(patterns, ({ tail }) => tail);
    // Under the end that fewer share: `team-4-*@example.com` by its head, `etl-*@team-4.iam…` by its tail.
    const prefersHead = ({ head, tail }: { head: string; tail: string }): boolean =>
      tail === '' || (head !== '' && (byHead.get(head)?.length ?? 0) <= (byTail.get(tail)?.length ?? 0));
    this.#heads = new Ends(patterns.filter(prefersHead).map(({ head, at }) => [head, at]));
    this.#tails = new Ends(patterns.filter((ends) => !prefersHead(ends)).map(({ tail, at }) => [tail, at]));
  }

  /** Adds what may cover the value to `found`, at times more than once. */
  find(value: string, found: number[]): void {
    this.#heads.find((length) => value.slice(0, length), value.length, found);
    this.#tails.find((length) => value.slice(-length), value.length, found);
  }
}

/** Whether a pattern says how what it covers begins or ends. */
export function isFindable(pattern: string): boolean {
  const { head, tail } = endsOf(pattern);
  return head !== '' || tail !== '';
}

function endsOf(pattern: string): { readonly head: string; readonly tail: string } {
  const [head = '', ...rest] = pattern.split('*');
  return { head, tail: rest.at(-1) ?? pattern };
}

/** Texts that values begin with, or end with; few lengths occur, so each is looked up. */
class Ends {
  readonly #at: ReadonlyMap<string, readonly number[]>;
  readonly #lengths: readonly number[];

  constructor(filed: readonly (readonly [string, number])[]) {
    const groups = Map.groupBy(filed, ([end]) => end);
    this.#at = new Map([...groups].map(([end, group]) => [end, group.map(([, at]) => at)]));
    this.#lengths = [...new Set([...groups.keys()].map(({ length }) => length))];
  }

  find(end: (length: number) => string, longest: number, found: number[]): void {
    for (const length of this.#lengths) {
      if (length > longest) continue;
      found.push(...(this.#at.get(end(length)) ?? []));
    }
  }
}
