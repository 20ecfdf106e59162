import { accessDenied } from '../access.ts';
import { isListedAt, isRememberedAt, lifeAt } from '../job-life.ts';
import type { JobRecord } from '../job-record.ts';
import { type JsonRecord, recordAt } from '../json.ts';
import { invalidPageToken, pageTokenOf } from '../page-token.ts';
import { listItem, redactedItem } from '../resource.ts';
import type { SortedJobs } from '../sorted-jobs.ts';
import type { Call, ListSettings, Route, SimulatorState } from '../state.ts';
import { isOfAllUsers, type ListQuestion, questionOf } from './list-question.ts';

/** Greater than the letters of any job id. */
const LAST_ID = '\uffff';

/**
 * `GET projects/{p}/jobs` [doc: reference/rest/v2/jobs/list.md]: newest first by creation time, both bounds
 * inclusive, top-level jobs unless a parent is named, the caller's own unless `allUsers`.
 */
export const list: Route = (call, state) => {
  const question = questionOf(call);
  const sight = sightOf(call, state);
  const nowMs = state.clock.now();
  const { place } = question;
  if (place !== undefined && nowMs - place.issuedAtMs >= state.lists.pageTokenLifetimeMs) {
    throw invalidPageToken();
  }
  const asOfMs = nowMs - state.lists.stalenessMs;
  const { page, hasMore } = takePage(
    candidates(call.projectId, question, state),
    question,
    state.lists,
    asOfMs,
  );
  const last = page.at(-1);
  const count = (place?.count ?? 0) + page.length;
  const next = { count, page: (place?.page ?? 1) + 1, issuedAtMs: nowMs };
  return {
    kind: 'bigquery#jobList',
    etag: `"${asOfMs}"`,
    ...(hasMore && last !== undefined ? { nextPageToken: pageTokenOf({ after: last, ...next }) } : {}),
    jobs: page.map((record) => {
      const item = itemOf(record, question, state.lists, asOfMs);
      return sight === 'full' || record.principal === call.caller ? item : redactedItem(item);
    }),
    ...(state.lists.unreachable.length === 0 ? {} : { unreachable: [...state.lists.unreachable] }),
  };
};

function takePage(
  records: Iterable<JobRecord>,
  question: ListQuestion,
  lists: ListSettings,
  asOfMs: number,
): { page: JobRecord[]; hasMore: boolean } {
  const page: JobRecord[] = [];
  const mostJobs = Math.min(question.maxResults, lists.jobsPerPage);
  let toSkip = lists.pagesShift ? (question.place?.count ?? 0) : 0;
  for (const record of records) {
    if (record.creationTimeMs < question.minCreationMs) break;
    if (!isWanted(record, question, lists, asOfMs)) continue;
    if (toSkip > 0) {
      toSkip--;
      continue;
    }
    if (page.length === mostJobs) return { page, hasMore: true };
    page.push(record);
  }
  return { page, hasMore: false };
}

/**
 * How much the caller sees of others' jobs. Details of all users' jobs need both permissions; with one of them
 * others' jobs are redacted [doc: managing-jobs.md, Required permissions].
 */
function sightOf({ caller, projectId, parameters }: Call, { access }: SimulatorState): 'full' | 'redacted' {
  const mayList = access.allows(caller, 'bigquery.jobs.list', projectId);
  const mayListAll = access.allows(caller, 'bigquery.jobs.listAll', projectId);
  if (mayList && mayListAll) return 'full';
  if (mayList || mayListAll) return 'redacted';
  throw accessDenied(isOfAllUsers(parameters) ? 'bigquery.jobs.listAll' : 'bigquery.jobs.list', projectId);
}

function candidates(projectId: string, question: ListQuestion, state: SimulatorState): Iterable<JobRecord> {
  const jobs = sourceOf(projectId, question, state);
  const { maxCreationMs } = question;
  const newest = { creationTimeMs: maxCreationMs, jobId: LAST_ID, location: LAST_ID };
  const after = state.lists.pagesShift ? undefined : question.place?.after;
  const isPastBound = after !== undefined && after.creationTimeMs <= maxCreationMs;
  return jobs?.newestFirst(isPastBound ? after : newest) ?? [];
}

function sourceOf(projectId: string, question: ListQuestion, state: SimulatorState): SortedJobs | undefined {
  if (question.parentJobId !== undefined) return state.store.childList(projectId, question.parentJobId);
  if (question.states.has('DONE')) return state.store.topLevel(projectId);
  return state.store.maybeLive(projectId, state.clock.now());
}

function isWanted(record: JobRecord, question: ListQuestion, lists: ListSettings, asOfMs: number): boolean {
  if (question.principal !== undefined && record.principal !== question.principal) return false;
  if (!isListedAt(record, asOfMs) || !isRememberedAt(record, asOfMs, lists.historyMs)) return false;
  if (lists.unreachable.some((location) => location.toLowerCase() === record.location.toLowerCase()))
    return false;
  return question.states.size === 3 || question.states.has(lifeAt(record, asOfMs).state);
}

function itemOf(record: JobRecord, question: ListQuestion, lists: ListSettings, asOfMs: number): JsonRecord {
  const item = listItem(record, asOfMs, question.projection);
  if (lists.showsRunningStatistics || item['state'] !== 'RUNNING') return item;
  const { creationTime, startTime, parentJobId } = recordAt(item, 'statistics') ?? {};
  return {
    ...item,
    statistics: { creationTime, startTime, ...(parentJobId === undefined ? {} : { parentJobId }) },
  };
}
