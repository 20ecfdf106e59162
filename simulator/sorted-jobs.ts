import type { JobRecord } from './job-record.ts';

/** A place in the order of a list. */
export interface Position {
  readonly creationTimeMs: number;
  readonly jobId: string;
  readonly location: string;
}

/** Jobs in the order of their creation; ties by id and location, so that every job has one place. */
export class SortedJobs {
  /** Oldest first: new jobs mostly go to the end. */
  #jobs: JobRecord[] = [];

  add(record: JobRecord): void {
    this.#jobs.splice(this.#indexOf(record), 0, record);
  }

  remove(record: JobRecord): void {
    const index = this.#indexOf(record);
    if (this.#jobs[index] === record) this.#jobs.splice(index, 1);
  }

  keep(wanted: (record: JobRecord) => boolean): void {
    this.#jobs = this.#jobs.filter(wanted);
  }

  /** From the newest on; with `before`, from the newest that is older in the order. */
  *newestFirst(before?: Position): Generator<JobRecord, undefined> {
    const jobs = this.#jobs;
    let index = (before === undefined ? jobs.length : this.#indexOf(before)) - 1;
    for (; index >= 0; index--) {
      const record = jobs[index];
      if (record !== undefined) yield record;
    }
    return undefined;
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
