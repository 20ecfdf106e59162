import type { Job } from '../job/job.ts';
import { jobKey } from '../job/job-name.ts';
import type { SweepPosition } from './sweep-position.schema.ts';

/** As far as a list has been seen. */
export type Reached = Pick<SweepPosition, 'createdUpToMs' | 'seenThen'>;

/**
 * Where a listing stands. Lists are newest first by creation time, and a list may begin at any creation time, that
 * time included [bigquery-facts: list]; page tokens are of no use to another instance, for they run out.
 */
export class ListPlace {
  readonly #begunAt: Reached | undefined;
  readonly #seen: Set<string>;
  #reached: Reached | undefined;
  #jobs = 0;

  constructor(begunAt: Reached | undefined) {
    this.#begunAt = begunAt;
    this.#reached = begunAt;
    this.#seen = new Set(begunAt?.seenThen);
  }

  /** How many jobs were seen that no listing before saw. */
  get jobs(): number {
    return this.#jobs;
  }

  /** False when the job was seen before: jobs that come and go shift the pages, so that one may stand on two. */
  pass({ name, creationTimeMs: createdUpToMs }: Job): boolean {
    const key = jobKey(name);
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    this.#jobs += 1;
    if (createdUpToMs === undefined) return true;
    const { createdUpToMs: beforeMs, seenThen } = this.#reached ?? { seenThen: [] };
    this.#reached = { createdUpToMs, seenThen: createdUpToMs === beforeMs ? [...seenThen, key] : [key] };
    return true;
  }

  /**
   * Where to go on; undefined while nothing was seen. A listing that saw nothing new goes on a millisecond further:
   * else a time that more jobs share than one listing can tell would keep all older ones from being seen.
   */
  reached(): Reached | undefined {
    if (this.#jobs > 0 || this.#begunAt === undefined) return this.#reached;
    return { createdUpToMs: this.#begunAt.createdUpToMs - 1, seenThen: [] };
  }
}
