import { expect, test } from 'vitest';
import { at, playground, START_MS } from './playground.ts';

const JOBS = '/bigquery/v2/projects/shop/jobs';
const ACCOUNT = 'etl@shop.iam.gserviceaccount.com';
const PATH = `/v1/projects/-/serviceAccounts/${encodeURIComponent(ACCOUNT)}:generateAccessToken`;
const BODY = { scope: ['https://www.googleapis.com/auth/bigquery'], lifetime: '300s' };
const SELECT = { configuration: { query: { query: 'SELECT 1' } } };

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
  const token = String(at((await call('POST', PATH, BODY)).body, 'accessToken'));
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

test.each([{}, { scope: [] }, { ...BODY, lifetime: 'long' }])('%j is refused', async (body) => {
  const response = await playground().call('POST', PATH, body);
  expect(response.status).toBe(400);
  expect(at(response.body, 'error', 'status')).toBe('INVALID_ARGUMENT');
});
