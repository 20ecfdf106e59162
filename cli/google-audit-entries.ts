import type { AuditEntries } from '../shared/watch/replay.ts';
import { auditEntriesFilter } from './audit-entries-filter.ts';
import { EntriesPage } from './entries-page.schema.ts';
import { AuditEntriesError } from './errors.ts';

const LIST = 'https://logging.googleapis.com/v2/entries:list';
/** The largest that Cloud Logging takes [Cloud Logging: entries.list]. */
const PAGE_SIZE = 1_000;
const PAGE_WITHIN_MS = 60_000;

/** One call of `entries.list`: resolves to the body of the answer, or throws what the client throws. */
export type ListEntries = (projectId: string, body: object) => Promise<unknown>;

/**
 * The audit entries that Cloud Logging keeps, oldest first, page by page.
 *
 * Throws `AuditEntriesError`.
 */
export function googleAuditEntries(list: ListEntries = listWithGoogle): AuditEntries {
  return { since: (projectId, fromMs) => entries(projectId, fromMs, list) };
}

async function* entries(
  projectId: string,
  fromMs: number,
  list: ListEntries,
): AsyncGenerator<unknown, undefined> {
  const first = {
    resourceNames: [`projects/${projectId}`],
    filter: auditEntriesFilter(projectId, fromMs),
    orderBy: 'timestamp asc',
    pageSize: PAGE_SIZE,
  };
  let pageToken: string | undefined;
  do {
    const body = pageToken === undefined ? first : { ...first, pageToken };
    const answer = await list(projectId, body).catch((error: unknown) => {
      throw new AuditEntriesError(projectId, statusOf(error));
    });
    const page = EntriesPage.parse(answer);
    yield* page.entries ?? [];
    pageToken = page.nextPageToken || undefined;
  } while (pageToken !== undefined);
  return undefined;
}

/**
 * With the credentials that `@google-cloud/logging` finds; it is loaded at the first call. Its own `getEntries`
 * is not used: over gRPC the audit log inside an entry is an `Any` of a type that the package does not carry,
 * and so comes as bytes. REST gives the JSON that a sink sends.
 */
async function listWithGoogle(projectId: string, body: object): Promise<unknown> {
  const { Logging } = await import('@google-cloud/logging');
  const { auth } = new Logging({ projectId });
  const answer = await auth.request({ url: LIST, method: 'POST', data: body, timeout: PAGE_WITHIN_MS });
  return answer.data;
}

/** Of what the client throws only the status is taken: its message may quote the answer. */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined;
  return typeof error.status === 'number' ? error.status : undefined;
}
