import type { Job } from '../job/job.ts';
import type { CancelPolicy } from '../policy/policy.ts';
import { FACETS, type Facet, type FacetIndex, type FacetPattern, NO_KEY } from './facets.ts';
import { addAll, isFindable, PatternIndex } from './pattern-index.ts';

/** Made once for each list of policies, and so once for each generation of the file. */
const INDEXES = new WeakMap<readonly CancelPolicy[], PolicyIndex>();

/**
 * The policies whose `match` may hold for a job, in the order of the file: of hundreds that look after one
 * team each, the few that could be meant. It leaves out only those whose `match` surely does not hold.
 */
export function candidatesFor(job: Job, policies: readonly CancelPolicy[]): readonly CancelPolicy[] {
  let index = INDEXES.get(policies);
  if (index === undefined) {
    index = new PolicyIndex(policies);
    INDEXES.set(policies, index);
  }
  return index.find(job);
}

/** The policies that are found by one facet. */
interface Filed {
  readonly facet: Facet;
  readonly all: readonly number[];
  readonly index: FacetIndex;
}

class PolicyIndex {
  readonly #policies: readonly CancelPolicy[];
  readonly #filed: readonly Filed[];
  /** Those that no facet finds: they are always asked. */
  readonly #others: readonly number[];

  constructor(policies: readonly CancelPolicy[]) {
    const places = Map.groupBy(policies.keys(), (at) => facetOf(policies[at]));
    this.#policies = policies;
    this.#others = places.get(undefined) ?? [];
    this.#filed = FACETS.flatMap((facet) => {
      const all = places.get(facet);
      if (all === undefined) return [];
      const filed = all.flatMap((at) => patternsOf(facet, policies[at]).map((pattern) => ({ pattern, at })));
      return [{ facet, all, index: indexOf(filed) }];
    });
  }

  find(job: Job): readonly CancelPolicy[] {
    const found = [...this.#others];
    for (const { facet, all, index } of this.#filed) {
      if (!facet.find(job, index, found)) addAll(all, found);
    }
    const policies: CancelPolicy[] = [];
    let last: number | undefined;
    for (const at of found) {
      const policy = this.#policies[at];
      // A policy may be found by two of its patterns.
      if (policy !== undefined && at !== last) policies.push(policy);
      last = at;
    }
    return policies;
  }
}

function indexOf(filed: readonly { readonly pattern: FacetPattern; readonly at: number }[]): FacetIndex {
  const byKey = new Map<string, PatternIndex>();
  for (const [key, group] of Map.groupBy(filed, ({ pattern }) => pattern.key)) {
    byKey.set(key, new PatternIndex(group.map(({ pattern, at }) => [pattern.text, at])));
  }
  return { find: (key, value, found) => byKey.get(key)?.find(value, found) };
}

/** The first facet all of whose patterns can be looked up; one that cannot would have to be tried anyway. */
function facetOf(policy: CancelPolicy | undefined): Facet | undefined {
  return FACETS.find((facet) => {
    const patterns = patternsOf(facet, policy);
    // A label's key tells by itself.
    return patterns.length > 0 && patterns.every(({ key, text }) => key !== NO_KEY || isFindable(text));
  });
}

function patternsOf(facet: Facet, policy: CancelPolicy | undefined): readonly FacetPattern[] {
  return (policy && facet.patterns(policy.match)) ?? [];
}
