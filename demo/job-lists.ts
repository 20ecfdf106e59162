import * as z from 'zod';
import { readJob, readListItem } from '../shared/job/from-rest.ts';
import type { Job } from '../shared/job/job.ts';
import type { JobName } from '../shared/job/job-name.ts';
import type { DeletedJob } from '../simulator/deleted-job.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { PROJECTS } from './kind.ts';

const Page = z.object({ jobs: z.array(z.unknown()), nextPageToken: z.string().optional() });

/** All jobs of the day that are not DONE, as anyone may list them. */
export function unfinishedJobs(simulator: Simulator): Promise<readonly Job[]> {
  return jobsOf(simulator, '&stateFilter=pending&stateFilter=running');
}

/** All jobs of the day that there have been, those too whose metadata was deleted. */
export async function allJobs(simulator: Simulator): Promise<readonly Job[]> {
  const listed = await jobsOf(simulator, '');
  return [...listed, ...deletedJobs(simulator).filter(({ parent }) => !parent)];
}

/** As they were just before. */
export function deletedJobs({ deleted }: Simulator): readonly Job[] {
  return deleted.map(({ resource }) => readJob(resource));
}

/** One of them; the day gives no id twice. */
export function deletedJob(
  { deleted }: Simulator,
  { projectId, jobId }: Pick<JobName, 'projectId' | 'jobId'>,
): DeletedJob | undefined {
  return deleted.find(({ truth }) => truth.projectId === projectId && truth.jobId === jobId);
}

/** The jobs that scripts consist of. */
export async function childrenOf(simulator: Simulator, jobs: readonly Job[]): Promise<readonly Job[]> {
  const scripts = jobs.filter(({ statementType }) => statementType === 'SCRIPT');
  const families = scripts.map(({ name: { projectId, jobId } }) =>
    jobsIn(projectId, simulator, `&parentJobId=${jobId}`),
  );
  const deleted = deletedJobs(simulator).filter(({ parent }) => parent);
  return [...(await Promise.all(families)).flat(), ...deleted];
}

async function jobsOf(simulator: Simulator, filter: string): Promise<readonly Job[]> {
  return (await Promise.all(PROJECTS.map((project) => jobsIn(project, simulator, filter)))).flat();
}

async function jobsIn(project: string, simulator: Simulator, filter: string): Promise<readonly Job[]> {
  const jobs: Job[] = [];
  let token: string | undefined = '';
  while (token !== undefined) {
    const query = `allUsers=true&projection=full&maxResults=1000&pageToken=${encodeURIComponent(token)}${filter}`;
    const path = `/bigquery/v2/projects/${project}/jobs?${query}`;
    const page: z.infer<typeof Page> = Page.parse(
      (await simulator.handle({ method: 'GET', path, headers: {} })).body,
    );
    for (const item of page.jobs) jobs.push(readListItem(item));
    token = page.nextPageToken;
  }
  return jobs;
}
