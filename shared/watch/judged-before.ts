import type { Job } from '../job/job.ts';
import { jobKey } from '../job/job-name.ts';
import type { Policies } from '../policy/policy.ts';
import type { Clock } from '../ports/clock.ts';
import { OVERLAP_MS } from './watermarks.ts';

/** So long lists show a job again that ended, and then some: an entry may come after the sweep. */
const KEPT_MS = 2 * OVERLAP_MS;
const MOST = 50_000;

/** A job, as far as an entry or a list tells: an id may be used again once its job is deleted. */
type Told = Pick<Job, 'name' | 'creationTimeMs'>;

interface Judged {
  readonly atMs: number;
  readonly creationTimeMs?: number;
}

/**
 * Which jobs were looked at a while ago and are of no concern: a job that ended does not change. Sweeps list each job
 * for ten minutes, and detectors acquit by a look alone, so that each would be looked at ten times. Only a memory of
 * this instance: whoever has forgotten looks again.
 */
export class JudgedBefore {
  readonly #clock: Pick<Clock, 'now'>;
  /** By job, the oldest first. */
  #judged = new Map<string, Judged>();
  #generation: string | undefined;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  has(job: Told, { generation }: Pick<Policies, 'generation'>): boolean {
    if (generation !== this.#generation) return false;
    const judged = this.#judged.get(jobKey(job.name));
    if (!judged || !isSame(judged, job)) return false;
    const ageMs = this.#clock.now() - judged.atMs;
    return ageMs >= 0 && ageMs < KEPT_MS;
  }

  /** By these policies. Whatever was judged by others is forgotten. */
  add({ name, creationTimeMs }: Told, { generation }: Pick<Policies, 'generation'>): void {
    if (generation !== this.#generation) this.#judged = new Map();
    this.#generation = generation;
    const key = jobKey(name);
    this.#judged.delete(key);
    this.#judged.set(key, {
      atMs: this.#clock.now(),
      ...(creationTimeMs !== undefined && { creationTimeMs }),
    });
    if (this.#judged.size <= MOST) return;
    for (const oldest of this.#judged.keys()) {
      this.#judged.delete(oldest);
      return;
    }
  }
}

/** Of one whose creation nobody told when it was judged: what is created later is another. */
function isSame({ atMs, creationTimeMs: known }: Judged, { creationTimeMs }: Told): boolean {
  if (creationTimeMs === undefined) return true;
  return known === undefined ? creationTimeMs <= atMs : creationTimeMs === known;
}
