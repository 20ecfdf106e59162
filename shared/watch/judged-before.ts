import { type JobName, jobKey } from '../job/job-name.ts';
import type { Policies } from '../policy/policy.ts';
import type { Clock } from '../ports/clock.ts';
import { OVERLAP_MS } from './watermarks.ts';

/** So long lists show a job again that ended, and then some: an entry may come after the sweep. */
const KEPT_MS = 2 * OVERLAP_MS;
const MOST = 50_000;

/**
 * Which jobs were looked at a while ago and are of no concern: a job that ended does not change. Sweeps list each job
 * for ten minutes, and detectors acquit by a look alone, so that each would be looked at ten times. Only a memory of
 * this instance: whoever has forgotten looks again.
 */
export class JudgedBefore {
  readonly #clock: Pick<Clock, 'now'>;
  /** By job, the oldest first. */
  #atMs = new Map<string, number>();
  #generation: string | undefined;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  has(name: JobName, { generation }: Pick<Policies, 'generation'>): boolean {
    if (generation !== this.#generation) return false;
    const atMs = this.#atMs.get(jobKey(name));
    if (atMs === undefined) return false;
    const ageMs = this.#clock.now() - atMs;
    return ageMs >= 0 && ageMs < KEPT_MS;
  }

  /** By these policies. Whatever was judged by others is forgotten. */
  add(name: JobName, { generation }: Pick<Policies, 'generation'>): void {
    if (generation !== this.#generation) this.#atMs = new Map();
    this.#generation = generation;
    const key = jobKey(name);
    this.#atMs.delete(key);
    this.#atMs.set(key, this.#clock.now());
    if (this.#atMs.size <= MOST) return;
    for (const oldest of this.#atMs.keys()) {
      this.#atMs.delete(oldest);
      return;
    }
  }
}
