import { readJob } from '../shared/job/from-rest.ts';
import type { Job } from '../shared/job/job.ts';
import { formatJobName, type JobName } from '../shared/job/job-name.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { childrenOf, deletedJob, deletedJobs } from './job-lists.ts';

/** Jobs as `jobs.get` tells them: by a list nobody can say that a job has no reservation. */
export class Books {
  readonly #simulator: Simulator;
  /** What is DONE says the same for ever, also when its metadata is deleted. */
  readonly #done = new Map<string, Job>();

  constructor(simulator: Simulator) {
    this.#simulator = simulator;
  }

  /** The same jobs, as they are now, with the children of scripts. */
  async read(jobs: readonly Job[]): Promise<readonly Job[]> {
    for (const job of deletedJobs(this.#simulator)) this.#done.set(formatJobName(job.name), job);
    const children = await childrenOf(this.#simulator, jobs);
    return Promise.all([...jobs, ...children].map(({ name }) => this.#look(name)));
  }

  async #look(name: JobName): Promise<Job> {
    const key = formatJobName(name);
    const job = this.#done.get(key) ?? (await this.#get(name));
    if (job.state === 'DONE') this.#done.set(key, job);
    return job;
  }

  async #get({ projectId, location = '', jobId }: JobName): Promise<Job> {
    const path = `/bigquery/v2/projects/${projectId}/jobs/${jobId}?location=${location}`;
    const { status, body } = await this.#simulator.handle({ method: 'GET', path, headers: {} });
    // It may have been deleted since it was listed.
    const deleted = status === 404 ? deletedJob(this.#simulator, { projectId, jobId }) : undefined;
    return readJob(deleted?.resource ?? body);
  }
}
