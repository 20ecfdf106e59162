import { describe, expect, test } from 'vitest';
import { MINUTE_MS, running, tenMinutes, truth } from '../running-job.ts';
import { openWatchdog, START_MS, type Watchdog } from '../watchdog.ts';

const SECOND_MS = 1_000;

/** A list of now that shows what ran 25 s ago. */
async function openStale(policies = tenMinutes()): Promise<{ watchdog: Watchdog; looks: () => number }> {
  const watchdog = await openWatchdog({ policies });
  let looks = 0;
  watchdog.simulator.setFaults(({ method }) => {
    if (method === 'get') looks += 1;
    return undefined;
  });
  watchdog.simulator.setLists({ stalenessMs: 25 * SECOND_MS });
  return { watchdog, looks: () => looks };
}

/** Jobs that ended in time, and that a stale list still shows, in the eleventh minute. */
function ended(watchdog: Watchdog, count: number): void {
  const runMs = 10 * MINUTE_MS - 10 * SECOND_MS;
  for (let index = 0; index < count; index++) running(watchdog, `ended-${index}`, 10 - 5 / 60, { runMs });
}

async function isTripped({ runtime }: Watchdog): Promise<boolean> {
  return (await runtime.ports.ledger.breakerTrip({ verb: 'cancel', policy: 'short' })) !== undefined;
}

describe('before its share trips a breaker, the suspects are looked at', () => {
  test('jobs that only a stale list shows trip none, and one that is guilty is stopped', async () => {
    const { watchdog } = await openStale();
    ended(watchdog, 10);
    running(watchdog, 'guilty', 30);
    await watchdog.clock.advanceTo(START_MS + 15 * SECOND_MS);
    await watchdog.sweep();
    expect(await isTripped(watchdog)).toBe(false);
    expect(truth(watchdog, 'guilty').state).toBe('DONE');
  });

  test('those that are left are weighed against the share', async () => {
    const { watchdog } = await openStale();
    ended(watchdog, 4);
    for (let index = 0; index < 5; index++) running(watchdog, `guilty-${index}`, 30);
    await watchdog.clock.advanceTo(START_MS + 15 * SECOND_MS);
    await watchdog.sweep();
    expect(await isTripped(watchdog)).toBe(true);
    expect(watchdog.simulator.writes).toEqual([]);
  });

  test('no more of them than it takes, and none where the breaker is open', async () => {
    const { watchdog, looks } = await openStale();
    for (let index = 0; index < 40; index++) running(watchdog, `guilty-${index}`, 30);
    await watchdog.clock.advanceTo(START_MS + 60 * SECOND_MS);
    await watchdog.sweep();
    expect(await isTripped(watchdog)).toBe(true);
    // Nine, of forty at a share of 20 %; and each once more, to tell people of it.
    expect(looks()).toBe(9 + 40);
    await watchdog.sweep();
    expect(looks()).toBe(9 + 40);
  });

  test('where they cannot be looked at, nothing is done and nothing trips', async () => {
    const { watchdog } = await openStale();
    for (let index = 0; index < 10; index++) running(watchdog, `guilty-${index}`, 30);
    watchdog.simulator.setFaults(({ method }) => (method === 'get' ? { kind: 'accessDenied' } : undefined));
    await watchdog.clock.advanceTo(START_MS + 60 * SECOND_MS);
    await watchdog.sweep();
    expect(await isTripped(watchdog)).toBe(false);
    expect(watchdog.simulator.writes).toEqual([]);
  });
});
