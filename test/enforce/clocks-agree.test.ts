import { expect, test } from 'vitest';
import { NotFoundError, UnavailableError } from '../../shared/bigquery/errors.ts';
import type { Look } from '../../shared/bigquery/jobs-client.ts';
import { clocksAgree } from '../../shared/enforce/clocks-agree.ts';
import { fail, nameOf, openRetrying, SECOND_MS, START_MS } from './retry/retrying.ts';

const ROOT = nameOf('root');
const CALL = { method: 'get', target: 'root' } as const;

interface Asking {
  /** By our own clock; BigQuery's stands at the start. */
  readonly time: { nowMs: number };
  /** What BigQuery answers instead of the job. */
  readonly answer: { error?: Error; dateMs?: number };
  gets: number;
  agree(jobId?: string): Promise<boolean>;
}

/** All that is asked within one span. */
async function asking(): Promise<Asking> {
  const retrying = await openRetrying();
  fail(retrying);
  const time = { nowMs: START_MS };
  const clock = { now: () => time.nowMs, sleep: retrying.ports.clock.sleep };
  const { job } = await retrying.clock.run(retrying.ports.jobs.get(ROOT, retrying.span()));
  const span = retrying.span();
  const it: Asking = {
    time,
    answer: {},
    gets: 0,
    agree: (jobId = 'root') => clocksAgree(nameOf(jobId), span, ports),
  };
  const get = async (): Promise<Look> => {
    it.gets += 1;
    const { nowMs } = time;
    const { error, dateMs = START_MS } = it.answer;
    if (error) throw error;
    return { job, dateMs, sentAtMs: nowMs, receivedAtMs: nowMs };
  };
  const ports = { ...retrying.ports, clock, jobs: { ...retrying.ports.jobs, get } };
  return it;
}

test.each([
  { name: 'the last second', laterMs: SECOND_MS, gets: 1 },
  { name: 'more than a second ago', laterMs: SECOND_MS + 1, gets: 2 },
  { name: 'later than now, for the clock was set back,', laterMs: -1, gets: 2 },
])('an answer of $name counts as $gets look(s) for two that ask', async ({ laterMs, gets }) => {
  const it = await asking();
  expect(await it.agree()).toBe(true);
  it.time.nowMs += laterMs;
  expect(await it.agree('another')).toBe(true);
  expect(it.gets).toBe(gets);
});

test('many who ask at once have one look', async () => {
  const it = await asking();
  const agreed = await Promise.all(Array.from({ length: 20 }, (_, index) => it.agree(`job_${index}`)));
  expect(agreed).toEqual(Array(20).fill(true));
  expect(it.gets).toBe(1);
});

test('a clock that is wrong agrees with nobody, however lately it was right', async () => {
  const it = await asking();
  await it.agree();
  it.answer.dateMs = START_MS + 100 * SECOND_MS;
  it.time.nowMs += SECOND_MS + 1;
  expect(await it.agree()).toBe(false);
  it.time.nowMs -= SECOND_MS;
  expect(await it.agree()).toBe(false);
});

test.each([
  { name: 'a failure', error: new UnavailableError(CALL, { because: 'x', outcome: 'not-done' }) },
  { name: 'a job that is gone', error: new NotFoundError(CALL) },
])('of $name nobody else is told: each looks for itself', async ({ error }) => {
  const it = await asking();
  it.answer.error = error;
  await Promise.allSettled([it.agree(), it.agree(), it.agree()]);
  expect(it.gets).toBe(3);
  it.answer.error = new UnavailableError(CALL, { because: 'x', outcome: 'not-done' });
  await expect(it.agree()).rejects.toBe(it.answer.error);
});
