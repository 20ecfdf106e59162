import type { Job } from '../job/job.ts';
import { nameInProject } from '../ledger/running-bucket.ts';
import { AwaitedJobs } from './awaited-jobs.ts';

/**
 * What is done with a job that ended. Resolves once it is judged, or stored as due. The next sweep hands a job over
 * again of which it says so, or for which it rejects.
 */
export type JudgeEnded = (job: Job) => Promise<'judged' | 'again'>;

/** Hands over each job that ended, once in a sweep, and keeps those that have not, or whose judging failed. */
export class HandingOver {
  readonly awaited = new AwaitedJobs();
  /** What went wrong with single jobs. */
  readonly faults: unknown[] = [];
  readonly #judge: JudgeEnded;
  readonly #settled = new Set<string>();
  #count = 0;

  constructor(judge: JudgeEnded) {
    this.#judge = judge;
  }

  /** How many jobs were handed over. */
  get count(): number {
    return this.#count;
  }

  /** Whether nothing is left to wait for or to do. */
  isSettled(name: string): boolean {
    return this.#settled.has(name);
  }

  /** BigQuery knows it no more. */
  settle(name: string): void {
    this.#settled.add(name);
  }

  async take(job: Job): Promise<void> {
    const name = nameInProject(job.name);
    if (this.#settled.has(name)) return;
    if (job.state !== 'DONE') {
      this.awaited.addJob(job);
      return;
    }
    // At once, for one job may stand on a page twice.
    this.#settled.add(name);
    try {
      const became = await this.#judge(job);
      if (became === 'again') {
        this.awaited.addJob(job);
        return;
      }
      this.#count += 1;
      this.awaited.remove(name);
    } catch (error) {
      this.#settled.delete(name);
      this.failed(job, error);
    }
  }

  /** It stays, and is looked at by the next sweep. */
  failed(job: Pick<Job, 'name' | 'creationTimeMs'>, error: unknown): void {
    this.faults.push(error);
    this.awaited.addJob(job);
  }
}
