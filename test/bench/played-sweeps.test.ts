import { describe, expect, test } from 'vitest';
import { playSweeps, type SweepScene } from '../../bench/played-sweeps.ts';
import { floorMs } from '../../bench/sweep-floor.ts';

const ONE: SweepScene = { projects: 1, jobsPerProject: 1_000, limit: 'runtime', callMs: 25, ledgerMs: 0 };

describe('sweeps at 25 ms a call, with a ledger that takes no time', () => {
  test.for<{ name: string; scene: SweepScene; lists: number; offenders: number }>([
    { name: 'of one project, runtime', scene: ONE, lists: 2, offenders: 10 },
    { name: 'of one project, slot time', scene: { ...ONE, limit: 'slotTime' }, lists: 2, offenders: 10 },
    { name: 'of many', scene: { ...ONE, projects: 120, jobsPerProject: 5 }, lists: 120, offenders: 6 },
  ])('$name: reach their floor, in pages and three calls for each offender', async (row) => {
    const { lists, offenders } = row;
    const played = await playSweeps(row.scene);
    expect(played.lastCancelMs).toBe(floorMs({ ...row.scene, offenders }));
    expect(Object.fromEntries(played.calls)).toEqual({ list: lists, get: 2 * offenders, cancel: offenders });
  });
});

test('offenders do not wait for each other’s ledger', async () => {
  const ledgerMs = 10;
  const lasts = (jobsPerProject: number) => playSweeps({ ...ONE, jobsPerProject, ledgerMs });
  const [few, many] = [await lasts(500), await lasts(5_000)];
  const pagesMs = 9 * ONE.callMs;
  expect(many.offenders).toBe(10 * few.offenders);
  // Racers for the breaker's slots may have to try again, a few times.
  expect(many.lastCancelMs - few.lastCancelMs - pagesMs).toBeLessThan(20 * ledgerMs);
});
