import { describe, expect, test } from 'vitest';
import { at, type Playground, type PlaygroundOptions, playground, START_MS } from './playground.ts';

const JOBS = '/bigquery/v2/projects/shop/jobs';
const ACCOUNT = 'etl@shop.iam.gserviceaccount.com';
const OTHER = 'ads@shop.iam.gserviceaccount.com';
const AUTH = 'https://www.googleapis.com/auth';
const BODY = { scope: [`${AUTH}/bigquery`], lifetime: '300s' };
const SELECT = { configuration: { query: { query: 'SELECT 1' } } };

const pathOf = (account: string): string =>
  `/v1/projects/-/serviceAccounts/${encodeURIComponent(account)}:generateAccessToken`;
const PATH = pathOf(ACCOUNT);

async function tokenWith(call: Playground['call'], body: object = BODY): Promise<string> {
  return String(at((await call('POST', PATH, body)).body, 'accessToken'));
}

test('what is inserted with a token runs as its account', async () => {
  const { simulator, call } = playground();
  const { status, body } = await call('POST', PATH, BODY);
  expect(status).toBe(200);
  expect(at(body, 'expireTime')).toBe(new Date(START_MS + 300_000).toISOString());
  const token = String(at(body, 'accessToken'));
  const job = await call('POST', JOBS, SELECT, token);
  expect(at(job.body, 'user_email')).toBe(ACCOUNT);
  expect(at(job.body, 'principal_subject')).toBe(`serviceAccount:${ACCOUNT}`);
  expect(simulator.writes).toMatchObject([{ by: ACCOUNT }]);
});

test('a token is good until it expires', async () => {
  const { clock, call } = playground();
  const token = await tokenWith(call);
  await clock.advanceTo(START_MS + 299_999);
  expect((await call('GET', JOBS, undefined, token)).status).toBe(200);
  await clock.advanceTo(START_MS + 300_000);
  const late = await call('GET', JOBS, undefined, token);
  expect(late.status).toBe(401);
  expect(at(late.body, 'error', 'status')).toBe('UNAUTHENTICATED');
});

test('a token from elsewhere acts as simulator@example.com', async () => {
  const { call } = playground();
  expect(at((await call('POST', JOBS, SELECT, 'x')).body, 'user_email')).toBe('simulator@example.com');
});

describe('a token is good for what was asked for', () => {
  test.each([
    { scopes: ['bigquery'], jobs: 200, tokens: 403 },
    { scopes: ['cloud-platform'], jobs: 200, tokens: 200 },
    { scopes: ['iam'], jobs: 403, tokens: 200 },
    { scopes: ['devstorage.read_only', 'bigquery'], jobs: 200, tokens: 403 },
    { scopes: ['devstorage.read_only'], jobs: 403, tokens: 403 },
  ])('$scopes', async ({ scopes, jobs, tokens }) => {
    const { call, simulator } = playground();
    const token = await tokenWith(call, { scope: scopes.map((scope) => `${AUTH}/${scope}`) });
    const inserted = await call('POST', JOBS, SELECT, token);
    expect(inserted.status).toBe(jobs);
    expect(simulator.writes.length).toBe(jobs === 200 ? 1 : 0);
    const asked = await call('POST', PATH, BODY, token);
    expect(asked.status).toBe(tokens);
    for (const refused of [inserted, asked].filter(({ status }) => status === 403)) {
      expect(at(refused.body, 'error')).toMatchObject({
        status: 'PERMISSION_DENIED',
        message: 'Request had insufficient authentication scopes.',
      });
    }
  });
});

describe('a lifetime', () => {
  test.each([
    { lifetime: '3600s', status: 200 },
    { lifetime: undefined, status: 200 },
    { lifetime: '0.5s', status: 200 },
    { lifetime: '3600.1s', status: 400 },
    { lifetime: '0s', status: 400 },
    { lifetime: 'long', status: 400 },
  ])('of $lifetime is answered with $status', async ({ lifetime, status }) => {
    const response = await playground().call('POST', PATH, { ...BODY, lifetime });
    expect(response.status).toBe(status);
    if (status === 400) expect(at(response.body, 'error', 'status')).toBe('INVALID_ARGUMENT');
  });
});

test.each([{}, { scope: [] }, { scope: [7] }])('%j is refused', async (body) => {
  const response = await playground().call('POST', PATH, body);
  expect(response.status).toBe(400);
  expect(at(response.body, 'error', 'status')).toBe('INVALID_ARGUMENT');
});

describe('an account', () => {
  const permissions = ['iam.serviceAccounts.getAccessToken' as const];
  const statuses = async (options: PlaygroundOptions): Promise<number[]> => {
    const { call } = playground(options);
    const answers = [await call('POST', PATH, BODY), await call('POST', pathOf(OTHER), BODY)];
    return answers.map(({ status }) => status);
  };

  test('that nobody may act as gives no token, and others do', async () => {
    expect(await statuses({ withheld: [{ permissions, account: ACCOUNT }] })).toEqual([403, 200]);
    expect(await statuses({ withheld: [{ permissions }] })).toEqual([403, 403]);
    expect(await statuses({ withheld: [{ permissions, principal: 'ann@example.com' }] })).toEqual([200, 200]);
  });

  test("is refused in Google's words", async () => {
    const { body } = await playground({ withheld: [{ permissions }] }).call('POST', PATH, BODY);
    expect(body).toEqual({
      error: {
        code: 403,
        message: "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).",
        status: 'PERMISSION_DENIED',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: 'IAM_PERMISSION_DENIED',
            domain: 'iam.googleapis.com',
            metadata: { permission: 'iam.serviceAccounts.getAccessToken' },
          },
        ],
      },
    });
  });

  test('that is not there is not found, until it is there again', async () => {
    const { call } = playground();
    await call('PUT', '/simulator/access', { missingAccounts: [ACCOUNT] });
    const gone = await call('POST', PATH, BODY);
    expect(gone.status).toBe(404);
    expect(at(gone.body, 'error')).toEqual({
      code: 404,
      message: `Not found; Gaia id not found for email ${ACCOUNT}`,
      status: 'NOT_FOUND',
    });
    expect((await call('POST', pathOf(OTHER), BODY)).status).toBe(200);
    await call('PUT', '/simulator/access', {});
    expect((await call('POST', PATH, BODY)).status).toBe(200);
  });
});
