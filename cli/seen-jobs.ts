import { type JobName, sameJob } from '../shared/job/job-name.ts';

/** Jobs, each once. One whose location is not told is taken for the one of that id that was seen, and the other way round. */
export class SeenJobs {
  readonly #names = new Map<string, readonly JobName[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Whether it is new. */
  add(name: JobName): boolean {
    const id = `${name.projectId}:${name.jobId}`;
    const known = this.#names.get(id) ?? [];
    if (known.some((other) => sameJob(other, name))) return false;
    this.#names.set(id, [...known, name]);
    this.#size++;
    return true;
  }
}
