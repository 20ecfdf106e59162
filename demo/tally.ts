import type { Alert, JobStep } from '../shared/alert/alert.schema.ts';

/**
 * The ends that a job can come to by a cancel, a retry or a purge, of which it is counted under the first that it had: one that
 * could not be cancelled, and stopped at last, counts as cancelled.
 */
const ENDS: readonly (readonly JobStep[])[] = [
  ['cancelled', 'ended-first', 'could-not-cancel', 'undecided'],
  ['recovered', 'gave-up', 'retry-refused'],
  ['purged', 'could-not-purge', 'not-found'],
];

/** Which jobs came to which end, by policy. */
export class Tally {
  readonly #jobs = new Map<string, Map<JobStep, Set<string>>>();

  add(alert: Alert): void {
    if (!('step' in alert.data) || alert.subject === undefined) return;
    const { policy, step } = alert.data;
    const steps = this.#jobs.get(policy) ?? new Map<JobStep, Set<string>>();
    this.#jobs.set(policy, steps.set(step, (steps.get(step) ?? new Set()).add(alert.subject)));
  }

  /** Policies that anything was told of. */
  get policies(): readonly string[] {
    return [...this.#jobs.keys()];
  }

  /** How many jobs: by one policy, or by any. */
  count(step: JobStep, policy?: string): number {
    return this.jobs(step, policy).size;
  }

  /** The names of these jobs, `project:location.id`. */
  jobs(step: JobStep, policy?: string): ReadonlySet<string> {
    const ends = ENDS.find((list) => list.includes(step)) ?? [];
    const before = ends.slice(0, Math.max(0, ends.indexOf(step)));
    const counted = new Set(before.flatMap((end) => [...this.#told(end, policy)]));
    return this.#told(step, policy).difference(counted);
  }

  #told(step: JobStep, policy: string | undefined): Set<string> {
    const of = policy === undefined ? [...this.#jobs.values()] : [this.#jobs.get(policy)];
    return new Set(of.flatMap((steps) => [...(steps?.get(step) ?? [])]));
  }
}
