import type { Job } from '../shared/job/job.ts';
import { formatJobName } from '../shared/job/job-name.ts';
import { Books } from './books.ts';
import { DAY_ENDS_MS } from './day.ts';
import { deletedJob } from './job-lists.ts';
import { type Saved, savedBy } from './saved.ts';
import { type Spending, spendingOf } from './spending.ts';
import type { System } from './system.ts';
import type { Tally } from './tally.ts';

/** The day in US dollars, at the prices of the policy file. */
export interface Money {
  /** By the jobs that the watchdog has seen. */
  readonly spending: Spending;
  /** By its cancels. */
  readonly saved: Saved;
}

/** Counts the money of the day, as often as it is asked. */
export class Cashier {
  readonly #system: System;
  readonly #tally: Tally;
  readonly #books: Books;

  constructor(system: System, tally: Tally) {
    this.#system = system;
    this.#tally = tally;
    this.#books = new Books(system.simulator);
  }

  /** @param listed all jobs that there have been */
  async count(listed: readonly Job[]): Promise<Money> {
    const { simulator, witness, runtime } = this.#system;
    const { prices } = await runtime.ports.policies.recent();
    const jobs = await this.#books.read(listed.filter(({ name }) => witness.hasSeen(name.jobId)));
    const cancelled = this.#tally.jobs('cancelled');
    const ended = jobs.flatMap((job) => {
      if (!cancelled.has(formatJobName(job.name))) return [];
      const truth = simulator.truth(job.name) ?? deletedJob(simulator, job.name)?.truth;
      return truth === undefined ? [] : [{ job, truth }];
    });
    return { spending: spendingOf(jobs, prices), saved: savedBy(ended, DAY_ENDS_MS, prices) };
  }
}
