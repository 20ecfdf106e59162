/**
 * Finds what is filed under patterns that may cover a value, without trying each: by the whole of a pattern
 * without a star, else by the text before its first star, or after its last. It may find more than cover the
 * value, and never fewer.
 */
export class PatternIndex {
  readonly #wholes: ReadonlyMap<string, readonly number[]>;
  readonly #heads: Ends;
  readonly #tails: Ends;

  /** @param filed each pattern with what is filed under it; what is filed under one that is not `isFindable` is always found */
  constructor(filed: readonly (readonly [pattern: string, at: number])[]) {
    const wholes = filed.filter(([pattern]) => !pattern.includes('*'));
    const patterns = filed
      .filter(([pattern]) => pattern.includes('*'))
      .map(([pattern, at]) => ({ ...endsOf(pattern), at }));
    const byHead = Map.groupBy(patterns, ({ head }) => head);
    const byTail = Map.groupBy(patterns, ({ tail }) => tail);
    // Under the end that fewer share: `team-4-*@example.com` by its head, `etl-*@team-4.iam…` by its tail.
    const prefersHead = ({ head, tail }: { head: string; tail: string }): boolean =>
      tail === '' || (head !== '' && (byHead.get(head)?.length ?? 0) <= (byTail.get(tail)?.length ?? 0));
    this.#wholes = placesByText(wholes);
    this.#heads = new Ends(
      patterns.filter(prefersHead).map(({ head, at }) => [head, at]),
      (value, length) => value.slice(0, length),
    );
    this.#tails = new Ends(
      patterns.filter((ends) => !prefersHead(ends)).map(({ tail, at }) => [tail, at]),
      (value, length) => value.slice(-length),
    );
  }

  /** Adds what may cover the value to `found`, in order, at times more than once. */
  find(value: string, found: number[]): void {
    addAll(this.#wholes.get(value), found);
    this.#heads.find(value, found);
    this.#tails.find(value, found);
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
  readonly #cut: (value: string, length: number) => string;

  constructor(filed: readonly (readonly [string, number])[], cut: (value: string, length: number) => string) {
    this.#at = placesByText(filed);
    this.#lengths = [...new Set(filed.map(([end]) => end.length))];
    this.#cut = cut;
  }

  find(value: string, found: number[]): void {
    for (const length of this.#lengths) {
      if (length <= value.length) addAll(this.#at.get(this.#cut(value, length)), found);
    }
  }
}

function placesByText(filed: readonly (readonly [string, number])[]): ReadonlyMap<string, readonly number[]> {
  const groups = Map.groupBy(filed, ([text]) => text);
  return new Map([...groups].map(([text, group]) => [text, group.map(([, at]) => at)]));
}

export function addAll(places: readonly number[] | undefined, found: number[]): void {
  if (places !== undefined) for (const at of places) addInOrder(found, at);
}

/** Keeps those found in order: they are so few that sorting them takes longer. */
function addInOrder(found: number[], at: number): void {
  let to = found.length;
  for (let before = found[to - 1]; before !== undefined && before > at; before = found[to - 1]) {
    found[to] = before;
    to -= 1;
  }
  found[to] = at;
}
