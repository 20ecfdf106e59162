import * as z from 'zod';
import { readListItem } from '../shared/job/from-rest.ts';
import type { Job } from '../shared/job/job.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { PROJECTS } from './kind.ts';

const Page = z.object({ jobs: z.array(z.unknown()), nextPageToken: z.string().optional() });

/** All jobs of the day that are not DONE, as anyone may list them. */
export function unfinishedJobs(simulator: Simulator): Promise<readonly Job[]> {
  return jobsOf(simulator, '&stateFilter=pending&stateFilter=running');
}

/** All jobs of the day that there have been. */
export function allJobs(simulator: Simulator): Promise<readonly Job[]> {
  return jobsOf(simulator, '');
}

async function jobsOf(simulator: Simulator, filter: string): Promise<readonly Job[]> {
  const jobs: Job[] = [];
  for (const project of PROJECTS) {
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
  }
  return jobs;
}
