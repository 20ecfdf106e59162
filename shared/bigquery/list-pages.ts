import { BrokenJobError } from '../job/errors.ts';
import { readListItem } from '../job/from-rest.ts';
import type { Job } from '../job/job.ts';
import { readUnreadJob } from '../job/unread-job.ts';
import { ListBody } from './answer.schema.ts';
import { type CallerParts, makeCall, type Received } from './caller.ts';
import { type JobsApiError, PageTokenError, UnavailableError } from './errors.ts';
import type { JobsApi, ListPageRequest } from './jobs-api.ts';
import type { CallOptions, JobsPage, ListQuery } from './jobs-client.ts';
import { printJobsOf } from './rest-request.ts';

export interface ListSettings {
  readonly pageSize: number;
  readonly redactionKey: string | undefined;
}

/** Pages are not asked for smaller than this, lest a slow server make a long list endless. */
const SMALLEST_PAGE = 50;

/**
 * Pages of jobs of all users, full projection, newest first, each fetched when it is asked for. A page that does
 * not come, or comes broken, may be too big: it and what follows it are asked for in halves.
 */
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
  };
  let maxResults = settings.pageSize;
  let pageToken: string | undefined;
  const seen = new Set<string>();
  do {
    const request: ListPageRequest = pageToken === undefined ? first : { ...first, pageToken };
    const { page, next } = await makeCall(caller, {
      method: 'list',
      target: printJobsOf(query.projectId),
      deadlineAtMs,
      send: (signal) => api.list({ ...request, maxResults }, signal),
      read: (received) => readPage(received, seen, request, settings),
      failed: (error) => {
        const smaller = Math.max(Math.floor(maxResults / 2), SMALLEST_PAGE);
        if (!mayBeTooBig(error) || smaller >= maxResults) return;
        maxResults = smaller;
        caller.log?.notice('pages of a list are asked for smaller', {
          projectId: query.projectId,
          maxResults,
        });
      },
    });
    if (next !== undefined) seen.add(next);
    yield page;
    pageToken = next;
  } while (pageToken !== undefined);
  return undefined;
}

/** Nothing came, or nothing that could be read; an answer that says why it failed is of any size. */
function mayBeTooBig(error: JobsApiError): boolean {
  return error instanceof UnavailableError && (error.status === undefined || error.status < 300);
}

interface PageRead {
  readonly page: JobsPage;
  readonly next: string | undefined;
}

/** A page that is no list is as good as none. One that leads back would never let the list end. */
function readPage(
  { answer }: Received,
  seen: ReadonlySet<string>,
  request: ListPageRequest,
  settings: ListSettings,
): PageRead {
  const failure = { method: 'list', target: printJobsOf(request.projectId) } as const;
  const { data: body } = ListBody.safeParse(answer.body);
  if (body === undefined) {
    throw new UnavailableError(failure, { because: 'the answer is no list of jobs', outcome: 'not-done' });
  }
  const next = body.nextPageToken || undefined;
  if (next !== undefined && seen.has(next)) throw new PageTokenError(failure);
  const items = body.jobs ?? [];
  const read = items.map((item) => ({ item, job: readItem(item, settings) }));
  const page: JobsPage = {
    jobs: read.flatMap(({ job }) => job ?? []),
    brokenItems: read.filter(({ job }) => job === undefined).map(({ item }) => readUnreadJob(item)),
    unreachable: [...new Set(body.unreachable?.map(locationOf))],
    isLast: next === undefined,
    ...(answer.dateMs === undefined ? {} : { dateMs: answer.dateMs }),
  };
  return { page, next };
}

/** A text that is no location may be anything. It still tells that something is missing. */
function locationOf(text: string): string {
  return /^[a-z0-9-]{1,64}$/i.test(text) ? text : 'unknown';
}

function readItem(item: unknown, { redactionKey }: ListSettings): Job | undefined {
  try {
    return readListItem(item, { redactionKey });
  } catch (error) {
    if (error instanceof BrokenJobError) return undefined;
    throw error;
  }
}
