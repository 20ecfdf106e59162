import type { JobsReader } from '../bigquery/jobs-client.ts';
import type { Job } from '../job/job.ts';
import { jobKey } from '../job/job-name.ts';
import { haveCommon, type WholeLook, worksOf } from './whole-look.ts';

/** So many are remembered, about 300 bytes each. */
const MOST = 10_000;

/** For each client, and so for each instance. */
const KNOWN = new WeakMap<object, Map<string, readonly string[]>>();

/**
 * What jobs do, as far as this instance has looked at them: of a job neither account nor configuration ever change,
 * once BigQuery has told what kind of statement it is. When many jobs of an account are run again, each would else be looked at for each of the others.
 */
export class KnownWork {
  readonly #known: Map<string, readonly string[]>;

  constructor(jobs: Pick<JobsReader, 'getWhole'>) {
    this.#known = KNOWN.get(jobs) ?? new Map();
    KNOWN.set(jobs, this.#known);
  }

  /** Those that are not known to do something else than what does these works. */
  without(others: readonly Job[], own: readonly string[]): readonly Job[] {
    return others.filter((job) => haveCommon(this.#known.get(keyOf(job)) ?? own, own));
  }

  note(job: Job, look: WholeLook): void {
    const [oldest] = this.#known.keys();
    if (this.#known.size >= MOST && oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(keyOf(job), worksOf(look));
  }
}

/** A name may be had again once its job was deleted. */
function keyOf({ name, creationTimeMs }: Job): string {
  return `${jobKey(name)} ${creationTimeMs}`;
}
