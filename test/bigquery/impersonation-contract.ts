import { expect, it } from 'vitest';
import { JobsApiError } from '../../shared/bigquery/errors.ts';
import type { JobsApi } from '../../shared/bigquery/jobs-api.ts';
import { ConnectionReset, type SimulatorRequest, type SimulatorResponse } from '../../simulator/request.ts';
import { DATE, DATE_MS, jsonAnswer, SECRET } from './google-error.ts';

/** An implementation of the seam that can act as accounts; both its servers are `play`. */
export type ConnectAs = (
  play: (request: SimulatorRequest) => Promise<SimulatorResponse>,
  clock: { now(): number },
) => Promise<JobsApi>;

const ETL = 'etl@my-project.iam.gserviceaccount.com';
const TOKEN_PATH = `/v1/projects/-/serviceAccounts/${encodeURIComponent(ETL)}:generateAccessToken`;
const JOB = { jobReference: { projectId: 'my-project', location: 'US', jobId: 'job_1' }, configuration: {} };
const STILL = { now: () => 0 };
const { signal } = new AbortController();

/** The n-th token, good for 300 s from the server's date on. */
const tokenAnswer = (nth: number, lifetimeMs = 300_000): SimulatorResponse =>
  jsonAnswer(200, { accessToken: `token-${nth}`, expireTime: new Date(DATE_MS + lifetimeMs).toISOString() });
const iamError = (code: number, status: string, reason?: string): SimulatorResponse => {
  const details = reason === undefined ? {} : { details: [{ '@type': 'ErrorInfo', reason }] };
  return jsonAnswer(code, { error: { code, status, message: SECRET, ...details } });
};
const html: SimulatorResponse = {
  status: 404,
  headers: { date: DATE, 'content-type': 'text/html' },
  rawBody: '<p>',
};

interface Failing {
  readonly name: string;
  readonly answer: SimulatorResponse | 'reset';
  readonly error: Readonly<Record<string, unknown>>;
}

const UNAVAILABLE = { name: 'UnavailableError', fault: 'transient', outcome: 'not-done' };
const FAILING: readonly Failing[] = [
  {
    name: 'that may not be acted as',
    answer: iamError(403, 'PERMISSION_DENIED', 'IAM_PERMISSION_DENIED'),
    error: { name: 'NotImpersonableError', fault: 'terminal', role: 'roles/iam.serviceAccountTokenCreator' },
  },
  {
    name: 'of a project where IAM Credentials is switched off',
    answer: iamError(403, 'PERMISSION_DENIED', 'SERVICE_DISABLED'),
    error: {
      name: 'TokenRefusedError',
      message: expect.stringContaining('enable iamcredentials.googleapis.com'),
    },
  },
  {
    name: 'that does not exist',
    answer: iamError(404, 'NOT_FOUND'),
    error: { name: 'NoSuchAccountError', fault: 'terminal' },
  },
  {
    name: 'at an address where no IAM is',
    answer: html,
    error: { name: 'TokenRefusedError', fault: 'terminal' },
  },
  {
    name: 'refused for what was asked',
    answer: iamError(400, 'INVALID_ARGUMENT'),
    error: { name: 'TokenRefusedError' },
  },
  {
    name: 'while the own account is not accepted',
    answer: iamError(401, 'UNAUTHENTICATED'),
    error: { name: 'UnauthenticatedError', fault: 'transient' },
  },
  {
    name: 'while too many are asked for',
    answer: iamError(429, 'RESOURCE_EXHAUSTED'),
    error: { name: 'ThrottledError', fault: 'transient' },
  },
  { name: 'while IAM is down', answer: iamError(503, 'UNAVAILABLE'), error: { ...UNAVAILABLE, status: 503 } },
  { name: 'while the connection breaks', answer: 'reset', error: UNAVAILABLE },
  { name: 'answered without a token', answer: jsonAnswer(200, {}), error: UNAVAILABLE },
  {
    name: 'answered with half a body',
    answer: { status: 200, headers: { 'content-type': 'application/json' }, rawBody: '{"acc' },
    error: UNAVAILABLE,
  },
];

/** What every implementation of the seam must do when it acts as a service account. */
export function impersonationContract(connect: ConnectAs): void {
  /** A seam whose IAM gives tokens in turn, and whose BigQuery answers every call with the same. */
  const tokens = async (
    answer: () => SimulatorResponse = () => jsonAnswer(200, JOB),
    lifetimeMs?: number,
  ) => {
    const time = { nowMs: 1_000 };
    const requests: SimulatorRequest[] = [];
    let issued = 0;
    const api = await connect(
      async (request) => {
        requests.push(request);
        return request.path === TOKEN_PATH ? tokenAnswer(++issued, lifetimeMs) : answer();
      },
      { now: () => time.nowMs },
    );
    return { time, requests, etl: api.asAccount(ETL), issued: () => issued };
  };

  it("asks for a token of BigQuery's scope for 300 s, and inserts with it", async () => {
    const { requests, etl } = await tokens();
    expect(await etl.insert('my-project', JOB, signal)).toEqual({ body: JOB, dateMs: DATE_MS });
    expect(requests).toMatchObject([
      {
        method: 'POST',
        path: TOKEN_PATH,
        body: { scope: ['https://www.googleapis.com/auth/bigquery'], lifetime: '300s' },
      },
      { method: 'POST', headers: { authorization: 'Bearer token-1' }, body: JOB },
    ]);
    expect(requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it.each([
    { name: 'until 30 s before its end', afterMs: 269_999, issued: 1 },
    { name: 'no longer', afterMs: 270_000, issued: 2 },
    { name: 'not when the clock was set back', afterMs: -1, issued: 2 },
    { name: 'no longer than Google says', afterMs: 30_000, lifetimeMs: 60_000, issued: 2 },
    { name: 'as long as Google says', afterMs: 29_999, lifetimeMs: 60_000, issued: 1 },
  ])('uses a token again $name', async ({ afterMs, lifetimeMs, issued: expected }) => {
    const { time, etl, issued } = await tokens(undefined, lifetimeMs);
    await etl.insert('my-project', JOB, signal);
    time.nowMs += afterMs;
    await etl.insert('my-project', JOB, signal);
    expect(issued()).toBe(expected);
  });

  it('asks for a new token after one that BigQuery does not accept', async () => {
    const refusal = jsonAnswer(401, { error: { code: 401, message: 'no' } });
    const { etl, issued } = await tokens(() => refusal);
    for (let nth = 1; nth <= 2; nth++) {
      const inserted = etl.insert('my-project', JOB, signal);
      await expect(inserted).rejects.toMatchObject({ name: 'UnauthenticatedError', account: ETL });
      expect(issued()).toBe(nth);
    }
  });

  it.each(FAILING)('sends nothing to BigQuery for an account $name', async ({ answer, error }) => {
    const paths: string[] = [];
    const api = await connect(async ({ path }) => {
      paths.push(path);
      if (answer === 'reset') throw new ConnectionReset('as scripted');
      return answer;
    }, STILL);
    const thrown: unknown = await api
      .asAccount(ETL)
      .insert('my-project', JOB, signal)
      .catch((caught: unknown) => caught);
    expect(paths).toEqual([TOKEN_PATH]);
    expect(thrown).toBeInstanceOf(JobsApiError);
    expect(thrown).toMatchObject({ account: ETL, method: 'insert', ...error });
    expect(String(thrown)).toContain(ETL);
    expect(String(thrown)).not.toContain(SECRET);
  });

  it.each(['ann@example.com', '', 'x@evil.example/gserviceaccount.com', '../a@p.iam.gserviceaccount.com'])(
    'acts as no "%s", and asks nobody',
    async (account) => {
      let requests = 0;
      const api = await connect(async () => {
        requests++;
        return jsonAnswer(200, {});
      }, STILL);
      const inserted = api.asAccount(account).insert('my-project', JOB, signal);
      await expect(inserted).rejects.toMatchObject({
        name: 'TerminalError',
        message: expect.stringMatching(/no service account/),
      });
      expect(requests).toBe(0);
    },
  );

  it('sends nothing for a caller who gave up while the token was on its way', async () => {
    const givingUp = new AbortController();
    const paths: string[] = [];
    const api = await connect(async ({ path }) => {
      paths.push(path);
      givingUp.abort();
      return tokenAnswer(1);
    }, STILL);
    const inserted = api.asAccount(ETL).insert('my-project', JOB, givingUp.signal);
    await expect(inserted).rejects.toMatchObject({ name: 'UnavailableError', outcome: 'not-done' });
    expect(paths).toEqual([TOKEN_PATH]);
  });
}
