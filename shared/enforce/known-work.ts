import type { JobsReader, RawLook } from '../bigquery/jobs-client.ts';
import type { Job } from '../job/job.ts';
import { jobKey } from '../job/job-name.ts';
import { haveCommon, worksOf } from './whole-look.ts';

/** So many are remembered, about 300 bytes each. */
const MOST = 10_000;

interface Memory {
  readonly works: Map<string, readonly string[]>;
  readonly underWay: Map<string, Promise<RawLook | undefined>>;
}

/** For each client, and so for each instance. */
const MEMORIES = new WeakMap<object, Memory>();

/**
 * What jobs do, as far as this instance has looked at them: of a job neither account nor configuration ever change,
 * once BigQuery has told what kind of statement it is. When many jobs of an account are run again, each would else be
 * looked at for each of the others.
 */
export class KnownWork {
  readonly #works: Memory['works'];
  readonly #underWay: Memory['underWay'];

  constructor(jobs: Pick<JobsReader, 'getWhole'>) {
    const memory = MEMORIES.get(jobs) ?? { works: new Map(), underWay: new Map() };
    MEMORIES.set(jobs, memory);
    this.#works = memory.works;
    this.#underWay = memory.underWay;
  }

  /** Those that are not known to do something else than what does these works. */
  without(others: readonly Job[], own: readonly string[]): readonly Job[] {
    return others.filter((job) => haveCommon(this.#works.get(keyOf(job)) ?? own, own));
  }

  /** One look for all who want it at the same time; what it tells is remembered. */
  async look(job: Job, look: () => Promise<RawLook | undefined>): Promise<RawLook | undefined> {
    const key = keyOf(job);
    const shared = this.#underWay.get(key) ?? look().finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, shared);
    const looked = await shared;
    if (looked) this.#note(key, looked);
    return looked;
  }

  /** We made this job, to do again what another one did: nobody need look what it does. */
  noteMade(made: Job, again: RawLook): void {
    this.#note(keyOf(made), again);
  }

  #note(key: string, look: RawLook): void {
    const [oldest] = this.#works.keys();
    if (this.#works.size >= MOST && oldest !== undefined && !this.#works.has(key)) this.#works.delete(oldest);
    this.#works.set(key, worksOf(look));
  }
}

/** A name may be had again once its job was deleted. */
function keyOf({ name, creationTimeMs }: Job): string {
  return `${jobKey(name)} ${creationTimeMs}`;
}
