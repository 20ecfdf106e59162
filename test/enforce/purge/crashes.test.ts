import { describe, expect, test } from 'vitest';
import { mortal } from '../retry/mortal.ts';
import {
  deleted,
  end,
  HOUR_MS,
  LEASE_MS,
  MINUTE_MS,
  nameOf,
  openPurging,
  type Purging,
  START_MS,
} from './purging.ts';

const NEVER = { nth: Number.POSITIVE_INFINITY, heard: false };

/** An instance finds a script that ended and goes on until it dies; then another one comes, which is told of it, too. */
async function world(death: { nth: number; heard: boolean }) {
  const { through, died, calls } = mortal(death);
  const first = await openPurging({ through });
  end(first, { children: [{}], createdAtMs: START_MS - HOUR_MS });
  const { clock, simulator, ledger } = first;
  const work = async (): Promise<void> => {
    await first.follow();
    await first.pass(5 * MINUTE_MS);
  };
  await Promise.race([work().catch(() => undefined), died]);
  const second = await openPurging({ clock, simulator, ledger, holder: 'there' });
  // Somebody who hears of it again has nothing to do where it is gone.
  await second.follow();
  await second.pass(3 * LEASE_MS);
  return { first, second, calls: calls() };
}

function stepsOf(...purgings: Purging[]): string[] {
  return purgings.flatMap((purging) => purging.told());
}

const ALIVE = await world(NEVER);

test('an instance that lives brings the purge to its end', () => {
  expect(stepsOf(ALIVE.first)).toEqual(['purging', 'purged']);
  expect(ALIVE.calls.length).toBeGreaterThan(30);
});

describe.each([false, true])('an instance that dies at a call (heard: %s)', (heard) => {
  test.each(ALIVE.calls.map((call, index) => ({ call, nth: index + 1 })))(
    '$nth, $call, leaves a purge that another one brings to its end, with one certificate',
    async ({ nth }) => {
      const { first, second } = await world({ nth, heard });
      expect(deleted(second)).toHaveLength(2);
      expect(second.faults).toEqual([]);
      expect(await second.claim()).toMatchObject({ state: 'ended', outcome: 'purged' });
      const { certificates } = await second.ledger.certificates(0, 10);
      expect(certificates).toHaveLength(1);
      expect(certificates[0]).toMatchObject({ job: nameOf('job'), policy: 'secrets' });
      const { alerts: unpublished } = await second.ledger.unpublishedAlerts(100);
      const told = [
        ...stepsOf(first, second),
        ...unpublished.map(({ event }) => String(event['type']).split('.')[2]),
      ];
      expect(new Set(told)).toEqual(new Set(['purging', 'purged']));
      const due = await second.ledger.dueClaims('purge', 'my-project', second.clock.now() + HOUR_MS, 10);
      expect(due.claims).toEqual([]);
    },
  );
});
