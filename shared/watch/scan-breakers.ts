import { SHARE_FROM_ACTS } from '../enforce/sweep-gate.ts';
import { isAct } from '../judge/precedence.ts';
import type { CancelPolicy, Policies } from '../policy/policy.ts';
import type { Sight } from './sight.ts';

/** A breaker that would trip, and so keep a policy from acting. */
export interface WouldTrip {
  readonly policy: string;
  /** Acts that the policy calls for. */
  readonly acts: number;
  /** For a person. */
  readonly why: string;
}

/**
 * Whether a sweep would do what a scan found: the breaker of a policy that finds too much of a project guilty
 * trips before its first act (design, rule 8). Slots that are in use already only the ledger knows.
 */
export class ScanBreakers {
  readonly #policies: Policies;
  /** Of each job, the policies that call for the act: the next acts where a breaker would trip. */
  readonly #acts: (readonly string[])[] = [];

  constructor(policies: Policies) {
    this.#policies = policies;
  }

  /** Counts the act that a sweep would do for this job of the project, if any. */
  count({ verdict }: Sight): void {
    if (verdict.act) this.#acts.push(verdict.findings.filter(isAct).map(({ policy }) => policy));
  }

  /** @param jobs how many pending and running jobs the project has */
  tripped(jobs: number): readonly WouldTrip[] {
    const open = new Set<string>();
    return this.#policies.cancel.flatMap((policy) => {
      const acts = this.#acts.filter((all) => all.find((name) => !open.has(name)) === policy.name).length;
      const why = whyTripped(policy, acts, jobs);
      if (why === undefined) return [];
      open.add(policy.name);
      return [{ policy: policy.name, acts, why }];
    });
  }
}

function whyTripped({ breaker }: CancelPolicy, acts: number, jobs: number): string | undefined {
  if (acts >= SHARE_FROM_ACTS && acts > breaker.share * jobs) {
    const percent = Math.round(breaker.share * 100);
    return `${acts} of ${jobs} pending and running jobs are guilty, more than ${percent} %: nothing would be done`;
  }
  return acts > breaker.acts ? `${acts} acts, and only ${breaker.acts} are allowed at a time` : undefined;
}
