/** One of the things that are compared: does its work once, and resolves to what it took, in any unit. */
export type Contender = () => Promise<number>;

/** What each contender took, one value a round. */
export interface Rounds<Name extends string> {
  values(name: Name): readonly number[];
  /** One contender against another, one ratio a round: only what was measured next to each other is compared. */
  ratios(name: Name, against: Name): readonly number[];
}

/**
 * Measures things side by side: every round measures each of them once, and each round begins with another
 * one, so that what else the machine does, its caches and its heat fall on all alike.
 */
export async function sideBySide<Name extends string>(
  rounds: number,
  contenders: Readonly<Record<Name, Contender>>,
): Promise<Rounds<Name>> {
  const entries = Object.entries<Contender>(contenders);
  const taken = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    const first = round % entries.length;
    for (const [name, contender] of [...entries.slice(first), ...entries.slice(0, first)]) {
      taken.set(name, [...(taken.get(name) ?? []), await contender()]);
    }
  }
  const values = (name: Name): readonly number[] => taken.get(name) ?? [];
  return {
    values,
    ratios: (name, against) => {
      const others = values(against);
      return values(name).map((value, round) => value / (others[round] ?? Number.NaN));
    },
  };
}
