import { formatJobName, type JobName } from '../job/job-name.ts';
import type { CallContext } from './error-from-answer.ts';
import { TerminalError } from './errors.ts';
import { CANCEL_FIELDS, GET_FIELDS, LIST_FIELDS } from './job-fields.ts';
import type { GetRequest, JobsMethod, ListPageRequest } from './jobs-api.ts';
import { printNewJob } from './new-job-name.ts';

/** What a call of the seam is as HTTP [bigquery-facts: Jobs API]. */
export interface RestRequest {
  readonly context: CallContext;
  readonly httpMethod: 'GET' | 'POST' | 'DELETE';
  /** From `/projects` on, each part percent-encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: unknown;
  /** Whether the answer is needed as text too. */
  readonly keepsText?: boolean;
}

export function getRequest({ whole = false, ...name }: GetRequest): RestRequest {
  if (whole) return { ...ofJob('get', 'GET', name, ''), keepsText: true };
  return ofJob('get', 'GET', name, '', GET_FIELDS);
}

export function cancelRequest(name: JobName): RestRequest {
  return ofJob('cancel', 'POST', name, '/cancel', CANCEL_FIELDS);
}

/** Without a location BigQuery would not know which job is meant, so nothing is sent. */
export function deleteRequest(name: JobName): RestRequest {
  if (name.location === undefined) {
    throw new TerminalError(
      { method: 'delete', target: formatJobName(name) },
      'no location is known, and a delete needs one; get the job first',
    );
  }
  return ofJob('delete', 'DELETE', name, '/delete');
}

export function insertRequest(projectId: string, body: unknown): RestRequest {
  const context: CallContext = { method: 'insert', target: printNewJob(projectId, body) };
  const path = `${projectPath(context, projectId)}/jobs`;
  return { context, httpMethod: 'POST', path, query: { fields: GET_FIELDS }, body };
}

export function listRequest(request: ListPageRequest): RestRequest {
  const continues = request.pageToken !== undefined;
  const context: CallContext = { method: 'list', target: printJobsOf(request.projectId), continues };
  const query = {
    ...(request.allUsers ? { allUsers: 'true' } : {}),
    ...(request.states.length === 0 ? {} : { stateFilter: request.states }),
    projection: request.projection,
    ...text('minCreationTime', request.minCreationTimeMs),
    ...text('maxCreationTime', request.maxCreationTimeMs),
    ...text('parentJobId', request.parentJobId),
    ...text('maxResults', request.maxResults),
    ...text('pageToken', request.pageToken),
    fields: LIST_FIELDS,
  };
  return { context, httpMethod: 'GET', path: `${projectPath(context, request.projectId)}/jobs`, query };
}

/** A list as errors name it. */
export function printJobsOf(projectId: string): string {
  return `jobs of ${projectId}`;
}

function ofJob(
  method: JobsMethod,
  httpMethod: RestRequest['httpMethod'],
  name: JobName,
  suffix: string,
  fields?: string,
): RestRequest {
  const context: CallContext = { method, target: formatJobName(name) };
  const path = `${projectPath(context, name.projectId)}/jobs/${segment(context, 'job id', name.jobId)}${suffix}`;
  return {
    context,
    httpMethod,
    path,
    query: { ...text('location', name.location), ...text('fields', fields) },
  };
}

/** The parameters as they stand in the address, `?` and all; empty for none. */
export function printQuery(query: RestRequest['query']): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    for (const one of typeof value === 'string' ? [value] : value) parameters.append(key, one);
  }
  return parameters.size === 0 ? '' : `?${parameters}`;
}

/** The colon of a domain-scoped project (`example.com:proj`) stands as it is, as Google's clients send it. */
function projectPath(context: CallContext, projectId: string): string {
  return `/projects/${segment(context, 'project id', projectId).replaceAll('%3A', ':')}`;
}

/** Refuses what would turn the path into another one: an empty id makes a list of a get, `..` climbs. */
function segment(context: CallContext, what: string, value: string): string {
  if (value === '' || value === '.' || value === '..' || !value.isWellFormed()) {
    throw new TerminalError(context, `${JSON.stringify(value)} is no ${what}; nothing was sent`);
  }
  return encodeURIComponent(value);
}

function text(key: string, value: string | number | undefined): Record<string, string> {
  return value === undefined ? {} : { [key]: String(value) };
}
