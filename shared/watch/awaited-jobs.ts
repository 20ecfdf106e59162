import type { Job } from '../job/job.ts';
import {
  bucketOf,
  digestOf,
  MOST_IN_A_BUCKET,
  nameInProject,
  RUNNING_BUCKETS,
  roomFor,
} from '../ledger/running-bucket.ts';

/** What of a bucket is stored. */
export interface Fitting {
  readonly jobs: readonly string[];
  /** When the oldest of those was created for which there is no room. */
  readonly leftOutSinceMs: number;
}

/**
 * The running set as a sweep finds it: jobs that have not ended, and those that still have to be handed over. In
 * the buckets of the ledger, for only those that differ from what is stored are read and written.
 */
export class AwaitedJobs {
  /** Each name with the time of its creation, where that is known. */
  readonly #buckets = Array.from({ length: RUNNING_BUCKETS }, () => new Map<string, number | undefined>());
  readonly #digests = new Map<number, string>();

  add(name: string, creationTimeMs?: number): void {
    const bucket = bucketOf(name);
    const jobs = this.#buckets[bucket];
    if (jobs === undefined) return;
    if (!jobs.has(name)) this.#digests.delete(bucket);
    jobs.set(name, creationTimeMs ?? jobs.get(name));
  }

  addJob({ name, creationTimeMs }: Pick<Job, 'name' | 'creationTimeMs'>): void {
    this.add(nameInProject(name), creationTimeMs);
  }

  remove(name: string): void {
    const bucket = bucketOf(name);
    if (this.#buckets[bucket]?.delete(name)) this.#digests.delete(bucket);
  }

  has(name: string): boolean {
    return this.#buckets[bucketOf(name)]?.has(name) === true;
  }

  /** The buckets that do not hold what these digests stand for. */
  unlike(digests: readonly string[]): readonly number[] {
    return [...this.#buckets.keys()].filter((bucket) => this.#digest(bucket) !== (digests[bucket] ?? ''));
  }

  /**
   * What one document can hold of a bucket. The newest jobs are left out, and those whose age nobody knows are
   * not: the watermark is then held back to find the others.
   */
  fitting(bucket: number): Fitting {
    const jobs = [...(this.#buckets[bucket] ?? [])].sort(byAge);
    let room = MOST_IN_A_BUCKET;
    const fits = jobs.filter(([name]) => {
      room -= roomFor(name);
      return room >= 0;
    });
    const leftOutSinceMs = jobs[fits.length]?.[1] ?? Number.POSITIVE_INFINITY;
    return { jobs: fits.map(([name]) => name), leftOutSinceMs };
  }

  #digest(bucket: number): string {
    const known = this.#digests.get(bucket);
    if (known !== undefined) return known;
    const digest = digestOf(this.#buckets[bucket]?.keys() ?? []);
    this.#digests.set(bucket, digest);
    return digest;
  }
}

function byAge(
  [, a = Number.NEGATIVE_INFINITY]: readonly [string, number | undefined],
  [, b = Number.NEGATIVE_INFINITY]: readonly [string, number | undefined],
): number {
  return a === b ? 0 : a - b;
}
