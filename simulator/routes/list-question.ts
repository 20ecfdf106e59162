import { invalid } from '../api-error.ts';
import type { JobState } from '../job-record.ts';
import { type PagePlace, placeOf } from '../page-token.ts';
import type { Call } from '../state.ts';

/** No maximum is documented for jobs; a client has to follow the tokens whatever the size. */
const USUAL_PAGE = 50;
const LARGEST_PAGE = 1_000;

/** What a call of `jobs.list` asks for [doc: reference/rest/v2/jobs/list.md]. */
export interface ListQuestion {
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

export function questionOf(call: Call): ListQuestion {
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

export function isOfAllUsers(parameters: URLSearchParams): boolean {
  return parameters.get('allUsers')?.toLowerCase() === 'true';
}
