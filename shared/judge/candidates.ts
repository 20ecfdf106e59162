import type { Job } from '../job/job.ts';
import type { CancelPolicy } from '../policy/policy.ts';
import { FACETS, type Facet } from './facets.ts';
import { isFindable, PatternIndex } from './pattern-index.ts';

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
  readonly patterns: PatternIndex;
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
      const filed = all.flatMap((at) => patternsOf(facet, policies[at]).map((text) => [text, at] as const));
      return [{ facet, all, patterns: new PatternIndex(filed) }];
    });
  }

  find(job: Job): readonly CancelPolicy[] {
    const found = [...this.#others];
    for (const { facet, all, patterns } of this.#filed) {
      const values = facet.values(job);
      if (values === undefined) found.push(...all);
      else for (const value of values) patterns.find(value, found);
    }
    found.sort((a, b) => a - b);
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

/** The first facet all of whose patterns can be looked up; one that cannot would have to be tried anyway. */
function facetOf(policy: CancelPolicy | undefined): Facet | undefined {
  return FACETS.find((facet) => {
    const patterns = patternsOf(facet, policy);
    return patterns.length > 0 && patterns.every(isFindable);
  });
}

function patternsOf(facet: Facet, policy: CancelPolicy | undefined): readonly string[] {
  return (policy && facet.patterns(policy.match)) ?? [];
}
