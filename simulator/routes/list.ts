import { accessDenied } from '../access.ts';
import { invalid } from '../api-error.ts';
import { existsAt, lifeAt } from '../job-life.ts';
import type { JobRecord, JobState } from '../job-record.ts';
import { type JsonRecord, recordAt } from '../json.ts';
import { invalidPageToken, type PagePlace, pageTokenOf, placeOf } from '../page-token.ts';
import { listItem, redactedItem } from '../resource.ts';
import type { SortedJobs } from '../sorted-jobs.ts';
import type { Call, ListSettings, Route, SimulatorState } from '../state.ts';

/** No maximum is documented for jobs; a client has to follow the tokens whatever the size. */
const USUAL_PAGE = 50;
const LARGEST_PAGE = 1_000;
/** Greater than the letters of any job id. */
const LAST_ID = '\uffff';

interface Question {
  readonly states: ReadonlySet<JobState>;
  readonly projection: 'full' | 'minimal';
  readonly minCreationMs: number;
  readonly maxCreationMs: number;
  readonly maxResults: number;
  readonly parentJobId: string | undefined;
  readonly principal: string | undefined;
  /** Where the page before ended. */
  readonly place: PagePlace | undefined;
}

/**
 * `GET projects/{p}/jobs` [doc: reference/rest/v2/jobs/list.md]: newest first by creation time, both bounds
 * inclusive, top-level jobs unless a parent is named, the caller's own unless `allUsers`.
 */
export const list: Route = (call, state) => {
  const question = questionOf(call);
  const nowMs = state.clock.now();
  const { place } = question;
  const sight = sightOf(call, state);
  if (place !== undefined && nowMs - place.issuedAtMs >= state.lists.pageTokenLifetimeMs)
    throw invalidPageToken();
  const asOfMs = nowMs - state.lists.stalenessMs;
  const count = place?.count ?? 0;
  let toSkip = state.lists.pagesShift ? count : 0;
  const page: JobRecord[] = [];
  let hasMore = false;
  for (const record of candidates(call.projectId, question, state)) {
    if (record.creationTimeMs < question.minCreationMs) break;
    if (!isWanted(record, question, state.lists, asOfMs)) continue;
    if (toSkip > 0) {
      toSkip--;
      continue;
    }
    if (page.length === question.maxResults) {
      hasMore = true;
      break;
    }
    page.push(record);
  }
  const last = page.at(-1);
  const next = (after: JobRecord): string =>
    pageTokenOf({ after, count: count + page.length, page: (place?.page ?? 1) + 1, issuedAtMs: nowMs });
  return {
    kind: 'bigquery#jobList',
    etag: `"${asOfMs}"`,
    ...(hasMore && last !== undefined ? { nextPageToken: next(last) } : {}),
    jobs: page.map((record) => {
      const item = itemOf(record, question, state.lists, asOfMs);
      return sight === 'full' || record.principal === call.caller ? item : redactedItem(item);
    }),
    ...(state.lists.unreachable.length === 0 ? {} : { unreachable: [...state.lists.unreachable] }),
  };
};

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

function isOfAllUsers(parameters: URLSearchParams): boolean {
  return parameters.get('allUsers')?.toLowerCase() === 'true';
}

function candidates(projectId: string, question: Question, state: SimulatorState): Iterable<JobRecord> {
  const jobs = sourceOf(projectId, question, state);
  const { maxCreationMs } = question;
  const newest = { creationTimeMs: maxCreationMs, jobId: LAST_ID, location: LAST_ID };
  const after = state.lists.pagesShift ? undefined : question.place?.after;
  const isPastBound = after !== undefined && after.creationTimeMs <= maxCreationMs;
  return jobs?.newestFirst(isPastBound ? after : newest) ?? [];
}

function sourceOf(projectId: string, question: Question, state: SimulatorState): SortedJobs | undefined {
  if (question.parentJobId !== undefined) return state.store.childList(projectId, question.parentJobId);
  if (question.states.has('DONE')) return state.store.topLevel(projectId);
  return state.store.maybeLive(projectId, state.clock.now());
}

function isWanted(record: JobRecord, question: Question, lists: ListSettings, asOfMs: number): boolean {
  if (question.principal !== undefined && record.principal !== question.principal) return false;
  if (!existsAt(record, asOfMs)) return false;
  if (lists.unreachable.some((location) => location.toLowerCase() === record.location.toLowerCase()))
    return false;
  return question.states.size === 3 || question.states.has(lifeAt(record, asOfMs).state);
}

function itemOf(record: JobRecord, question: Question, lists: ListSettings, asOfMs: number): JsonRecord {
  const item = listItem(record, asOfMs, question.projection);
  if (lists.showsRunningStatistics || item['state'] !== 'RUNNING') return item;
  const { creationTime, startTime, parentJobId } = recordAt(item, 'statistics') ?? {};
  return {
    ...item,
    statistics: { creationTime, startTime, ...(parentJobId === undefined ? {} : { parentJobId }) },
  };
}

function questionOf(call: Call): Question {
  const { parameters } = call;
  const pageToken = parameters.get('pageToken');
  const parentJobId = parameters.get('parentJobId');
  return {
    states: statesOf(parameters.getAll('stateFilter')),
    projection: projectionOf(parameters.get('projection')),
    minCreationMs: wholeNumber(parameters, 'minCreationTime') ?? -Infinity,
    maxCreationMs: wholeNumber(parameters, 'maxCreationTime') ?? Infinity,
    maxResults: Math.min(wholeNumber(parameters, 'maxResults') || USUAL_PAGE, LARGEST_PAGE),
    parentJobId: parentJobId || undefined,
    principal: isOfAllUsers(parameters) ? undefined : call.caller,
    place: pageToken === null || pageToken === '' ? undefined : placeOf(pageToken),
  };
}

function statesOf(filters: readonly string[]): ReadonlySet<JobState> {
  const states = filters.map((filter): JobState => {
    const state = filter.toUpperCase();
    if (state === 'PENDING' || state === 'RUNNING' || state === 'DONE') return state;
    throw invalid(
      `Invalid value for stateFilter: ${filter}. Valid values are pending, running, done`,
      'stateFilter',
    );
  });
  return new Set(states.length === 0 ? ['PENDING', 'RUNNING', 'DONE'] : states);
}

function projectionOf(projection: string | null): 'full' | 'minimal' {
  const word = (projection ?? 'minimal').toLowerCase();
  if (word === 'full' || word === 'minimal') return word;
  throw invalid(`Invalid value for projection: ${projection}. Valid values are full, minimal`, 'projection');
}

function wholeNumber(parameters: URLSearchParams, name: string): number | undefined {
  const text = parameters.get(name);
  if (text === null || text === '') return undefined;
  if (!/^\d+$/.test(text))
    throw invalid(`Invalid value for ${name}: ${text}. It must be a whole number`, name);
  return Number(text);
}
