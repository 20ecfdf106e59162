import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { JobsApiError } from '../../shared/bigquery/errors.ts';
import { CANCEL_FIELDS, GET_FIELDS, LIST_FIELDS } from '../../shared/bigquery/job-fields.ts';
import type { Answer, JobsApi, ListPageRequest } from '../../shared/bigquery/jobs-api.ts';
import { ConnectionReset, type SimulatorRequest, type SimulatorResponse } from '../../simulator/request.ts';
import { DATE, DATE_MS, googleError, googleErrorBody, jsonAnswer, SECRET } from './google-error.ts';

/** What the server is to do with the one request of a case. */
export type Script = SimulatorResponse | 'reset';

/** An implementation of the seam that talks to a server which plays `script` and keeps what it was asked. */
export type Connect = (play: (request: SimulatorRequest) => Promise<SimulatorResponse>) => Promise<JobsApi>;

type Send = (api: JobsApi, signal: AbortSignal) => Promise<Answer>;

const NAME = { projectId: 'my-project', location: 'europe-west2', jobId: 'job_1' };
const LIST: ListPageRequest = {
  projectId: 'my-project',
  allUsers: true,
  states: ['pending', 'running'],
  projection: 'full',
};
const JOB = { jobReference: { projectId: 'my-project', jobId: 'job_1' }, configuration: { labels: {} } };

const get: Send = (api, signal) => api.get(NAME, signal);
const whole: Send = (api, signal) => api.get({ ...NAME, whole: true }, signal);
const list: Send = (api, signal) => api.list(LIST, signal);
const nextPage: Send = (api, signal) => api.list({ ...LIST, pageToken: 'next' }, signal);
const cancel: Send = (api, signal) => api.cancel(NAME, signal);
const insert: Send = (api, signal) => api.insert('my-project', JOB, signal);
const remove: Send = (api, signal) => api.delete(NAME, signal);

interface Asked {
  readonly name: string;
  readonly send: Send;
  readonly method: string;
  readonly path: string;
  readonly query?: Record<string, string[]>;
  readonly body?: unknown;
}

const AT = { location: ['europe-west2'] };
const GET_AT = { ...AT, fields: [GET_FIELDS] };
const ASKED: readonly Asked[] = [
  {
    name: 'a get',
    send: get,
    method: 'GET',
    path: '/bigquery/v2/projects/my-project/jobs/job_1',
    query: GET_AT,
  },
  {
    name: 'a get without location',
    send: (api, signal) => api.get({ projectId: 'p', jobId: 'j' }, signal),
    method: 'GET',
    path: '/bigquery/v2/projects/p/jobs/j',
    query: { fields: [GET_FIELDS] },
  },
  {
    name: 'a get of the whole',
    send: (api, signal) => api.get({ ...NAME, whole: true }, signal),
    method: 'GET',
    path: '/bigquery/v2/projects/my-project/jobs/job_1',
    query: AT,
  },
  {
    name: 'a get in a domain-scoped project',
    send: (api, signal) => api.get({ ...NAME, projectId: 'example.com:proj' }, signal),
    method: 'GET',
    path: '/bigquery/v2/projects/example.com:proj/jobs/job_1',
    query: GET_AT,
  },
  {
    name: 'a get of an id full of what a path may not hold',
    send: (api, signal) => api.get({ ...NAME, jobId: 'a/b?c=d#e%2Ff:g h{{projectId}}é' }, signal),
    method: 'GET',
    path: '/bigquery/v2/projects/my-project/jobs/a%2Fb%3Fc%3Dd%23e%252Ff%3Ag%20h%7B%7BprojectId%7D%7D%C3%A9',
    query: GET_AT,
  },
  {
    name: 'a list',
    send: list,
    method: 'GET',
    path: '/bigquery/v2/projects/my-project/jobs',
    query: {
      allUsers: ['true'],
      stateFilter: ['pending', 'running'],
      projection: ['full'],
      fields: [LIST_FIELDS],
    },
  },
  {
    name: 'a list with everything',
    send: (api, signal) => {
      const bounds = { minCreationTimeMs: 1_700_000_000_000, maxCreationTimeMs: 1_700_000_001_000 };
      const request = { ...LIST, ...bounds, parentJobId: 'parent', maxResults: 500, pageToken: 'a+b/c=&' };
      return api.list(request, signal);
    },
    method: 'GET',
    path: '/bigquery/v2/projects/my-project/jobs',
    query: {
      allUsers: ['true'],
      stateFilter: ['pending', 'running'],
      projection: ['full'],
      minCreationTime: ['1700000000000'],
      maxCreationTime: ['1700000001000'],
      parentJobId: ['parent'],
      maxResults: ['500'],
      pageToken: ['a+b/c=&'],
      fields: [LIST_FIELDS],
    },
  },
  {
    name: 'a cancel',
    send: cancel,
    method: 'POST',
    path: '/bigquery/v2/projects/my-project/jobs/job_1/cancel',
    query: { ...AT, fields: [CANCEL_FIELDS] },
  },
  {
    name: 'an insert, with a body that comes through as it is',
    send: (api, signal) =>
      api.insert('my-project', { configuration: { query: { query: "'{{projectId}}'" } } }, signal),
    method: 'POST',
    path: '/bigquery/v2/projects/my-project/jobs',
    query: { fields: [GET_FIELDS] },
    body: { configuration: { query: { query: "'{{projectId}}'" } } },
  },
  {
    name: 'a delete',
    send: remove,
    method: 'DELETE',
    path: '/bigquery/v2/projects/my-project/jobs/job_1/delete',
    query: AT,
  },
  {
    name: 'a delete in a domain-scoped project',
    send: (api, signal) => api.delete({ ...NAME, projectId: 'example.com:proj' }, signal),
    method: 'DELETE',
    path: '/bigquery/v2/projects/example.com:proj/jobs/job_1/delete',
    query: AT,
  },
];

interface Answered {
  readonly name: string;
  readonly send: Send;
  readonly script: Script;
  /** Either the body, with the `Date` header of every script, or what the error says of itself. */
  readonly body?: unknown;
  readonly error?: Readonly<Record<string, unknown>>;
}

const UNKNOWN_WRITE = { name: 'UnavailableError', fault: 'unknown', outcome: 'unknown' };
const FAILED_READ = { name: 'UnavailableError', fault: 'transient', outcome: 'not-done' };
const broken: SimulatorResponse = {
  status: 200,
  headers: { date: DATE, 'content-type': 'application/json' },
  rawBody: '{"kind": "bigquery#jo',
};
const html = (status: number): SimulatorResponse => ({
  status,
  headers: { date: DATE, 'content-type': 'text/html' },
  rawBody: `<html>${SECRET}</html>`,
});

const ANSWERED: readonly Answered[] = [
  { name: 'a job', send: get, script: jsonAnswer(200, JOB), body: JOB },
  {
    name: 'a list that did not reach a location',
    send: list,
    script: jsonAnswer(200, { kind: 'bigquery#jobList', unreachable: ['EU'] }),
    body: { kind: 'bigquery#jobList', unreachable: ['EU'] },
  },
  { name: 'an empty object', send: remove, script: jsonAnswer(200, {}), body: {} },
  {
    name: 'a job that is not there to be deleted',
    send: remove,
    script: googleError(404, 'notFound'),
    error: { name: 'NotFoundError', fault: 'terminal' },
  },
  {
    name: 'a delete that is not permitted',
    send: remove,
    script: googleError(403, 'accessDenied'),
    error: { name: 'ForbiddenError', permission: 'bigquery.jobs.delete' },
  },
  { name: 'a connection reset while deleting', send: remove, script: 'reset', error: UNKNOWN_WRITE },
  { name: 'an empty 204', send: remove, script: { status: 204, headers: { date: DATE } }, body: undefined },
  {
    name: 'a label that is called __proto__',
    send: get,
    script: jsonAnswer(200, JSON.parse('{"labels": {"__proto__": "x"}}')),
    body: JSON.parse('{"labels": {"__proto__": "x"}}'),
  },
  {
    name: 'not found',
    send: get,
    script: googleError(404, 'notFound'),
    error: { name: 'NotFoundError', fault: 'terminal', status: 404, reason: 'notFound' },
  },
  {
    name: 'a 404 that is not of BigQuery',
    send: get,
    script: html(404),
    error: { name: 'TerminalError', status: 404, reason: undefined },
  },
  {
    name: 'access denied',
    send: cancel,
    script: googleError(403, 'accessDenied'),
    error: { name: 'ForbiddenError', fault: 'terminal', permission: 'bigquery.jobs.update' },
  },
  {
    name: 'throttled, as 403, with a delay',
    send: cancel,
    script: googleError(403, 'rateLimitExceeded', { 'retry-after': '7' }),
    error: { name: 'ThrottledError', fault: 'transient', retryAfterMs: 7_000 },
  },
  {
    name: 'throttled, as 429, until a date',
    send: get,
    script: googleError(429, 'rateLimitExceeded', { 'retry-after': 'Tue, 06 Jan 2026 10:01:00 GMT' }),
    error: { name: 'ThrottledError', fault: 'transient', retryAfterMs: 60_000 },
  },
  { name: 'no credentials', send: get, script: html(401), error: { name: 'UnauthenticatedError' } },
  {
    name: 'an id that is taken',
    send: insert,
    script: googleError(409, 'duplicate'),
    error: { name: 'DuplicateError', fault: 'unknown', earlier: 'not-done' },
  },
  {
    name: 'a job that is not DONE',
    send: remove,
    script: googleError(400, 'resourceInUse'),
    error: { name: 'TerminalError', reason: 'resourceInUse' },
  },
  {
    name: 'a page token that is too old',
    send: nextPage,
    script: googleError(400, 'invalid'),
    error: { name: 'PageTokenError', fault: 'transient' },
  },
  { name: 'a 500 to a read', send: get, script: googleError(500, 'internalError'), error: FAILED_READ },
  {
    name: 'a 503 to a write',
    send: cancel,
    script: googleError(503, 'backendError', { 'retry-after': '2' }),
    error: { ...UNKNOWN_WRITE, status: 503, reason: 'backendError', retryAfterMs: 2_000 },
  },
  { name: 'a page of a proxy', send: cancel, script: html(502), error: { ...UNKNOWN_WRITE, status: 502 } },
  {
    name: 'a 200 with an error inside',
    send: cancel,
    script: jsonAnswer(200, googleErrorBody(403, 'rateLimitExceeded')),
    error: { name: 'ThrottledError', status: 403, reason: 'rateLimitExceeded' },
  },
  {
    name: 'a 500 to a get of the whole',
    send: whole,
    script: googleError(500, 'internalError'),
    error: FAILED_READ,
  },
  { name: 'a get of the whole with half a body', send: whole, script: broken, error: FAILED_READ },
  { name: 'a get of the whole that is a web page', send: whole, script: html(200), error: FAILED_READ },
  { name: 'a connection reset while getting the whole', send: whole, script: 'reset', error: FAILED_READ },
  { name: 'a read with half a body', send: get, script: broken, error: FAILED_READ },
  { name: 'a write with half a body', send: cancel, script: broken, error: UNKNOWN_WRITE },
  { name: 'a 200 that is a web page', send: get, script: html(200), error: FAILED_READ },
  { name: 'a connection reset while reading', send: list, script: 'reset', error: FAILED_READ },
  { name: 'a connection reset while writing', send: cancel, script: 'reset', error: UNKNOWN_WRITE },
];

/** What every implementation of the seam must do; one table, so that worlds prove something of the product. */
export function jobsApiContract(connect: Connect): void {
  it.each(ASKED)('sends $name', async ({ send, method, path, query, body }) => {
    const requests: SimulatorRequest[] = [];
    const api = await connect(async (request) => {
      requests.push(request);
      return jsonAnswer(200, {});
    });
    await send(api, new AbortController().signal);
    expect(requests).toHaveLength(1);
    const url = new URL(requests[0]?.path ?? '', 'http://server.invalid');
    // Google's client asks for compact JSON besides.
    url.searchParams.delete('prettyPrint');
    const asked = Object.fromEntries(
      [...url.searchParams.keys()].map((key) => [key, url.searchParams.getAll(key)]),
    );
    expect(requests[0]).toMatchObject({ method });
    expect(url.pathname).toBe(path);
    expect(asked).toEqual(query ?? {});
    expect(requests[0]?.body).toEqual(body);
  });

  it.each(ANSWERED)('reads $name, asking once', async ({ send, script, body, error }) => {
    let requests = 0;
    const api = await connect(async () => {
      requests++;
      if (script === 'reset') throw new ConnectionReset('as scripted');
      return script;
    });
    const answer = await send(api, new AbortController().signal).catch((thrown: unknown) => thrown);
    expect(requests).toBe(1);
    if (error === undefined) {
      expect(answer).toEqual({ body, dateMs: DATE_MS });
    } else {
      expect(answer).toBeInstanceOf(JobsApiError);
      expect(answer).toMatchObject(error);
      expect(String(answer)).not.toContain(SECRET);
    }
  });

  it('gets the whole with every digit, and nothing of it is printed', async () => {
    const rawBody = `{"configuration": {"query": {"query": "${SECRET}"}}, "unheardOf": 12345678901234567890.5}`;
    const headers = { date: DATE, 'content-type': 'application/json; charset=UTF-8' };
    const api = await connect(async () => ({ status: 200, headers, rawBody }));
    const { text, ...answer } = await whole(api, new AbortController().signal);
    expect(text?.take()).toBe(rawBody);
    expect(answer).toEqual({ body: JSON.parse(rawBody), dateMs: DATE_MS });
    expect(`${text} ${JSON.stringify(text)} ${inspect(text)}`).toBe(`[redacted] "[redacted]" [redacted]`);
  });

  it.each([
    ['an empty id', { ...NAME, jobId: '' }],
    ['an id that climbs', { ...NAME, jobId: '..' }],
    ['an empty project', { ...NAME, projectId: '' }],
    ['half a surrogate pair', { ...NAME, jobId: '\ud800' }],
  ])('sends nothing for %s', async (_, name) => {
    let requests = 0;
    const api = await connect(async () => {
      requests++;
      return jsonAnswer(200, {});
    });
    const { signal } = new AbortController();
    for (const send of [api.get, api.cancel, api.delete]) {
      await expect(send(name, signal)).rejects.toMatchObject({ name: 'TerminalError' });
    }
    expect(requests).toBe(0);
  });

  it('sends no delete without a location', async () => {
    let requests = 0;
    const api = await connect(async () => {
      requests++;
      return jsonAnswer(200, {});
    });
    const deleting = api.delete({ projectId: 'p', jobId: 'j' }, new AbortController().signal);
    await expect(deleting).rejects.toThrow(/no location is known/);
    expect(requests).toBe(0);
  });
}
