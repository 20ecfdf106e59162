import { describe, expect, test } from 'vitest';
import type { InsertedLife } from '../../../simulator/state.ts';
import { mortal } from './mortal.ts';
import {
  attempt,
  BACKEND_ERROR,
  ETL,
  etlPolicy,
  fail,
  HOUR_MS,
  inserted,
  LEASE_MS,
  MINUTE_MS,
  openRetrying,
  type Retrying,
} from './retrying.ts';

const POLICIES = etlPolicy().replace('attempts: 3', 'attempts: 2');
const TICK_MS = MINUTE_MS;
const NEVER = { nth: Number.POSITIVE_INFINITY, heard: false };

/** The first attempt fails, the second one does not. */
const lives = ({ jobId }: { jobId: string }): InsertedLife =>
  jobId === attempt(1) ? { error: BACKEND_ERROR } : {};

/** An instance finds the failure and goes on until it dies; then another one comes, which is told of it, too. */
async function world(death: { nth: number; heard: boolean }) {
  const { through, died, calls } = mortal(death);
  const first = await openRetrying({ policies: POLICIES, lives, through });
  fail(first);
  const { clock, simulator, ledger } = first;
  const work = async (): Promise<void> => {
    await first.answer();
    await first.pass(TICK_MS, TICK_MS);
    await first.answer(attempt(1));
    await first.pass(20 * MINUTE_MS, TICK_MS);
  };
  await Promise.race([work().catch(() => undefined), died]);
  const second = await openRetrying({ policies: POLICIES, clock, simulator, ledger, holder: 'there' });
  await second.answer();
  await second.pass(3 * LEASE_MS + 30 * MINUTE_MS, TICK_MS);
  return { first, second, calls: calls() };
}

function stepsOf(...retryings: Retrying[]): string[] {
  return retryings.flatMap((retrying) => retrying.told());
}

const ALIVE = await world(NEVER);

test('an instance that lives brings the chain to its end', () => {
  expect(stepsOf(ALIVE.first)).toEqual([
    'retry-scheduled',
    'retried',
    'retry-scheduled',
    'retried',
    'recovered',
  ]);
  expect(ALIVE.calls.length).toBeGreaterThan(50);
});

describe.each([false, true])('an instance that dies at a call (heard: %s)', (heard) => {
  test.each(ALIVE.calls.map((call, index) => ({ call, nth: index + 1 })))(
    '$nth, $call, leaves a chain that another one brings to its end, with one job for each attempt',
    async ({ nth }) => {
      const { first, second } = await world({ nth, heard });
      expect(inserted(second)).toEqual([1, 2].map((number) => `${attempt(number)} by ${ETL}`));
      expect(second.faults).toEqual([]);
      for (const number of [1, 2]) expect(await second.claim(number)).toMatchObject({ state: 'ended' });
      const { alerts: unpublished } = await second.ledger.unpublishedAlerts(100);
      const told = [
        ...stepsOf(first, second),
        ...unpublished.map(({ event }) => String(event['type']).split('.')[2]),
      ];
      expect(new Set(told)).toEqual(new Set(stepsOf(ALIVE.first)));
      expect(
        (await second.ledger.dueClaims('retry', 'my-project', second.clock.now() + HOUR_MS, 10)).claims,
      ).toEqual([]);
    },
  );
});
