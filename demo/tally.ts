import type { Alert, JobStep } from '../shared/alert/alert.schema.ts';

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
    if (policy !== undefined) return this.#jobs.get(policy)?.get(step)?.size ?? 0;
    return this.jobs(step).size;
  }

  /** The names of these jobs, `project:location.id`. */
  jobs(step: JobStep): ReadonlySet<string> {
    return new Set([...this.#jobs.values()].flatMap((steps) => [...(steps.get(step) ?? [])]));
  }
}
