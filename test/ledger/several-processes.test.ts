import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import { openLedger } from '../../shared/ledger/stored-ledger.ts';
import { ManualClock } from './manual-clock.ts';

const NODE = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));
const RACER = fileURLToPath(new URL('./racing-process.ts', import.meta.url));
const PROCESSES = 6;
const JOBS = 25;

const Report = z.object({ won: z.array(z.string()), slots: z.number() });

interface Racer {
  readonly child: ChildProcess;
  readonly out: Promise<string>;
  readonly err: Promise<string>;
  readonly code: Promise<unknown>;
}

function start(path: string, name: string): Racer {
  const child = spawn(NODE, [RACER, path, name, String(JOBS)], { stdio: ['pipe', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill());
  return {
    child,
    out: text(child.stdout),
    err: text(child.stderr),
    code: once(child, 'close').then(([code]) => code),
  };
}

it('several processes make and share one file: no lock error, each claim won once, nothing lost', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'ledger-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, 'ledger.db');
  const racers = Array.from({ length: PROCESSES }, (_, index) => start(path, `process-${index}`));
  await Promise.all(racers.map(({ child }) => child.stdout && once(child.stdout, 'data')));
  for (const { child } of racers) child.stdin?.end();

  const reports = await Promise.all(
    racers.map(async ({ out, err, code }) => {
      expect(await err).toBe('');
      expect(await code).toBe(0);
      const [ready, report = ''] = (await out).split('\n');
      expect(ready).toBe('ready');
      return Report.parse(JSON.parse(report));
    }),
  );

  const jobs = Array.from({ length: JOBS }, (_, index) => `job_${index}`);
  expect(reports.flatMap((report) => report.won).toSorted()).toStrictEqual(jobs.toSorted());
  expect(reports.reduce((sum, report) => sum + report.slots, 0)).toBe(10);

  const clock = new ManualClock();
  const ledger = openLedger(new SqliteStore({ path, clock }), clock);
  onTestFinished(() => ledger.close());
  const recent = await ledger.recentClaims(0, 999);
  expect(recent.map((claim) => claim.job.jobId).toSorted()).toStrictEqual(jobs.toSorted());
  expect(new Set(recent.map((claim) => claim.state))).toStrictEqual(new Set(['asked']));
  expect(await ledger.unpublishedAlerts(999)).toHaveLength(2 * JOBS);
  expect(await ledger.countAlert('long', clock.now())).toBe(PROCESSES * JOBS + 1);
  expect(await ledger.breakers()).toMatchObject([{ taken: 10 }]);
});
