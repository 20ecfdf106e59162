import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Parts } from '../../functions/runtime.ts';
import { SystemAlert } from '../../shared/alert/alert.schema.ts';
import { openStore } from '../../shared/ledger/open-store.ts';
import { newDirectory } from '../ledger/new-directory.ts';
import { MINUTE_MS, running, tenMinutes, truth } from '../running-job.ts';
import { openWatchdog, START_MS, type Watchdog } from '../watchdog.ts';

const STOP = { atMs: START_MS, by: 'ada' };

/** A watchdog on a file that was told to stop, and a job that it would cancel else. */
async function stoppedOnFile(): Promise<{ watchdog: Watchdog; path: string }> {
  const path = join(newDirectory(), 'ledger.db');
  const store: Parts['store'] = (_, clock, onLoss) => openStore({ kind: 'sqlite', path }, { clock, onLoss });
  const watchdog = await openWatchdog({ policies: tenMinutes(), parts: { store } });
  running(watchdog, 'guilty', 30);
  await watchdog.runtime.ports.ledger.stop(STOP);
  await watchdog.sweep();
  expect(watchdog.simulator.writes).toEqual([]);
  await watchdog.clock.advanceTo(START_MS + 2 * MINUTE_MS);
  return { watchdog, path };
}

/** Each once, for the sweep that is under way may publish it too. */
function losses({ alerts }: Watchdog): SystemAlert[] {
  const told = alerts
    .filter(({ type }) => type === 'bigquery-watchdog.ledger.lost.v1')
    .map((alert) => SystemAlert.parse(alert));
  return [...new Map(told.map((alert) => [alert.id, alert])).values()];
}

test('a ledger that is deleted while it is in use is told of, for with it a stop is gone', async () => {
  const { watchdog, path } = await stoppedOnFile();
  for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`);
  for (const minute of [3, 4, 5]) {
    await watchdog.sweep();
    await watchdog.clock.advanceTo(START_MS + minute * MINUTE_MS);
  }
  expect(truth(watchdog, 'guilty').state).toBe('DONE');
  const [alert, ...more] = losses(watchdog);
  expect(more).toEqual([]);
  expect(alert?.severity).toBe('CRITICAL');
  expect(alert?.data.sentence).toContain(`the ledger ${path} was deleted or replaced while it was in use`);
  const lines = watchdog.lines.filter((line) => line.includes('ledger lost while it was in use'));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('"severity":"ERROR"');
});

test('a ledger whose log is removed while it is in use acts no more, lest it miss what a person says', async () => {
  const { watchdog, path } = await stoppedOnFile();
  const { clock, runtime } = watchdog;
  await runtime.ports.ledger.resume();
  for (const end of ['-wal', '-shm']) rmSync(`${path}${end}`);
  await clock.advanceTo(START_MS + 3 * MINUTE_MS);
  expect((await watchdog.sweep()).status).toBe(503);
  expect((await watchdog.sweep()).status).toBe(503);
  expect(watchdog.simulator.writes).toEqual([]);
  expect(losses(watchdog)).toHaveLength(1);
  expect(losses(watchdog)[0]?.data.sentence).toContain('has lost its -wal file while it was in use');
});
