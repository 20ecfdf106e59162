import type { JobRecord } from './job-record.ts';

/** A place in the order of a list. */
export interface Position {
  readonly creationTimeMs: number;
  readonly jobId: string;
  readonly location: string;
}

/** Jobs in the order of their creation; ties by id and location, so that every job has one place. */
export class SortedJobs {
  /** Oldest first once sorted. A file of jobs comes newest first: it is sorted once, when first asked for. */
  #jobs: JobRecord[] = [];
  #isSorted = true;

  add(record: JobRecord): void {
    const last = this.#jobs.at(-1);
    if (last !== undefined && comparePositions(last, record) > 0) this.#isSorted = false;
    this.#jobs.push(record);
  }

  keep(wanted: (record: JobRecord) => boolean): void {
    this.#jobs = this.#jobs.filter(wanted);
  }

  /** From the newest on; with `before`, from the newest that is older in the order. */
  *newestFirst(before?: Position): Generator<JobRecord, undefined> {
    this.#sort();
    const jobs = this.#jobs;
    let index = (before === undefined ? jobs.length : this.#indexOf(before)) - 1;
    for (; index >= 0; index--) {
      const record = jobs[index];
      if (record !== undefined) yield record;
    }
    return undefined;
  }

  #sort(): void {
    if (!this.#isSorted) this.#jobs.sort(comparePositions);
    this.#isSorted = true;
  }

  /** The first index whose job does not come before `position`. */
  #indexOf(position: Position): number {
    let low = 0;
    let high = this.#jobs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const record = this.#jobs[middle];
      if (record !== undefined && comparePositions(record, position) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export function comparePositions(a: Position, b: Position): number {
  if (a.creationTimeMs !== b.creationTimeMs) return a.creationTimeMs - b.creationTimeMs;
  if (a.jobId !== b.jobId) return a.jobId < b.jobId ? -1 : 1;
  if (a.location !== b.location) return a.location < b.location ? -1 : 1;
  return 0;
}
