import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createJobsClient } from '../../shared/bigquery/backing-off-client.ts';
import { CallBudget } from '../../shared/bigquery/budget.ts';
import { JobsApiError } from '../../shared/bigquery/errors.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { DATE, googleError, jsonAnswer, SECRET } from './google-error.ts';
import { keptLog } from './kept-log.ts';
import { playedApi, type Step } from './played-api.ts';

const NAME = { projectId: 'my-project', location: 'US', jobId: 'job_1' };

function shownAnyhow(value: unknown): string {
  const error = value instanceof Error ? `${value.message}\n${value.stack}\n${value.cause}` : '';
  return [
    String(value),
    error,
    JSON.stringify(value),
    inspect(value, { depth: null, showHidden: true }),
  ].join('\n');
}

const leaky = Object.assign(new Error(SECRET), { code: SECRET, errors: [{ message: SECRET }] });
const steps: readonly [string, Step][] = [
  ['a refusal', googleError(400, 'invalidQuery')],
  ['a throttle', googleError(429, 'rateLimitExceeded')],
  ['a server fault', googleError(500, 'internalError')],
  ['not found', googleError(404, 'notFound')],
  ['a duplicate', googleError(409, 'duplicate')],
  ['a forbidden', googleError(403, 'accessDenied')],
  ['a reason that is no word', googleError(400, SECRET)],
  ['an error inside a 200', jsonAnswer(200, { error: { message: SECRET, errors: [{ reason: SECRET }] } })],
  ['a body that is no JSON', { status: 200, headers: { date: DATE }, rawBody: SECRET }],
  ['a job that cannot be read', jsonAnswer(200, { query: SECRET, status: SECRET })],
  ['a transport that quotes the answer', leaky],
];

describe('the text of a query in an error message of BigQuery', () => {
  it.each(steps)('shows nowhere: %s', async (_, step) => {
    const given = [undefined, 'key'].flatMap((redactionKey) =>
      // With time for every attempt, and with time for one only.
      [100_000, 1].map((deadlineAtMs) => ({ redactionKey, deadlineAtMs })),
    );
    for (const { redactionKey, deadlineAtMs } of given) {
      const lines: unknown[] = [];
      const clock = new VirtualClock(0);
      const { api } = playedApi([step], () => clock.now());
      const parts = { api, clock, random: () => 0.5, budget: new CallBudget(clock), redactionKey };
      const client = createJobsClient({ ...parts, log: keptLog(lines) });
      const error = await clock.run(client.get(NAME, { deadlineAtMs }).catch((thrown: unknown) => thrown));
      expect(error).toBeInstanceOf(JobsApiError);
      expect(shownAnyhow(error)).not.toContain('hunter2');
      expect(shownAnyhow(lines)).not.toContain('hunter2');
    }
  });

  it('can be had by code that must read it', async () => {
    const { api } = playedApi([googleError(400, 'invalidQuery')], () => 0);
    const error = await api.get(NAME, new AbortController().signal).catch((thrown: unknown) => thrown);
    expect(error instanceof JobsApiError ? error.detail?.expose() : '').toContain(SECRET);
  });
});
