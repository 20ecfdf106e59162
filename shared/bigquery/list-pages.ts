import { BrokenJobError } from '../job/errors.ts';
import { readListItem } from '../job/from-rest.ts';
import type { Job } from '../job/job.ts';
import { ListBody } from './answer.schema.ts';
import { type CallerParts, makeCall, type Received } from './caller.ts';
import { UnavailableError } from './errors.ts';
import type { JobsApi, ListPageRequest } from './jobs-api.ts';
import type { CallOptions, JobsPage, ListQuery } from './jobs-client.ts';
import { printJobsOf } from './rest-request.ts';

export interface ListSettings {
  readonly pageSize: number;
  readonly redactionKey: string | undefined;
}

/** Pages of jobs of all users, full projection, newest first, each fetched when it is asked for. */
export async function* listPages(
  api: JobsApi,
  caller: CallerParts,
  settings: ListSettings,
  query: ListQuery,
  { deadlineAtMs }: CallOptions,
): AsyncGenerator<JobsPage, undefined> {
  const first: ListPageRequest = {
    ...query,
    allUsers: true,
    projection: 'full',
    maxResults: settings.pageSize,
  };
  let pageToken: string | undefined;
  do {
    const request: ListPageRequest = pageToken === undefined ? first : { ...first, pageToken };
    const { page, next } = await makeCall(caller, {
      method: 'list',
      target: printJobsOf(query.projectId),
      deadlineAtMs,
      send: (signal) => api.list(request, signal),
      read: (received) => readPage(received, request, settings),
    });
    yield page;
    pageToken = next;
  } while (pageToken !== undefined);
  return undefined;
}

interface PageRead {
  readonly page: JobsPage;
  readonly next: string | undefined;
}

/** A page that is no list, or that leads back to itself, is as good as none. */
function readPage({ answer }: Received, request: ListPageRequest, settings: ListSettings): PageRead {
  const { data: body } = ListBody.safeParse(answer.body);
  const next = body?.nextPageToken || undefined;
  if (body === undefined || (next !== undefined && next === request.pageToken)) {
    const because = body === undefined ? 'the answer is no list of jobs' : 'the page leads back to itself';
    const failure = { method: 'list', target: printJobsOf(request.projectId) } as const;
    throw new UnavailableError(failure, { because, outcome: 'not-done' });
  }
  const items = body.jobs ?? [];
  const jobs = items.map((item) => readItem(item, settings)).filter((job) => job !== undefined);
  const page: JobsPage = {
    jobs,
    brokenItems: items.length - jobs.length,
    unreachable: body.unreachable ?? [],
    ...(answer.dateMs === undefined ? {} : { dateMs: answer.dateMs }),
  };
  return { page, next };
}

function readItem(item: unknown, { redactionKey }: ListSettings): Job | undefined {
  try {
    return readListItem(item, { redactionKey });
  } catch (error) {
    if (error instanceof BrokenJobError) return undefined;
    throw error;
  }
}
