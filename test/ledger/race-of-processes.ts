import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import * as z from 'zod';
import type { LedgerStore } from '../../shared/ledger/store.ts';
import { openLedger } from '../../shared/ledger/stored-ledger.ts';
import { ManualClock } from './manual-clock.ts';

const NODE = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));
const RACER = fileURLToPath(new URL('./racing-process.ts', import.meta.url));

const Report = z.object({ won: z.array(z.string()), slots: z.number() });

interface Racer {
  readonly child: ChildProcess;
  readonly out: Promise<string>;
  readonly err: Promise<string>;
  readonly code: Promise<unknown>;
}

function start(
  address: string,
  name: string,
  jobs: number,
  environment: Readonly<Record<string, string>>,
): Racer {
  const env = { ...process.env, ...environment };
  const child = spawn(NODE, [RACER, address, name, String(jobs)], { stdio: ['pipe', 'pipe', 'pipe'], env });
  onTestFinished(() => void child.kill());
  return {
    child,
    out: text(child.stdout),
    err: text(child.stderr),
    code: once(child, 'close').then(([code]) => code),
  };
}

export interface Race {
  readonly processes: number;
  readonly jobs: number;
  /** The ledger, as `WATCHDOG_LEDGER` says it. */
  readonly address: string;
  /** Opens the same ledger in this process, when the race is over. */
  open(clock: ManualClock): LedgerStore;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Several processes want the same acts in one ledger at the same time: each claim is won once, and nothing
 * is lost or counted twice.
 */
export async function raceProcesses(race: Race): Promise<void> {
  const { processes, address, environment = {} } = race;
  const racers = Array.from({ length: processes }, (_, index) =>
    start(address, `process-${index}`, race.jobs, environment),
  );
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

  const jobs = Array.from({ length: race.jobs }, (_, index) => `job_${index}`);
  expect(reports.flatMap((report) => report.won).toSorted()).toStrictEqual(jobs.toSorted());
  expect(reports.reduce((sum, report) => sum + report.slots, 0)).toBe(10);

  const clock = new ManualClock();
  const ledger = openLedger(race.open(clock), clock);
  onTestFinished(() => ledger.close());
  const recent = await ledger.recentClaims(0, 999);
  expect(recent.map((claim) => claim.job.jobId).toSorted()).toStrictEqual(jobs.toSorted());
  expect(new Set(recent.map((claim) => claim.state))).toStrictEqual(new Set(['asked']));
  expect((await ledger.unpublishedAlerts(999)).alerts).toHaveLength(2 * race.jobs);
  expect(await ledger.countAlert('long', clock.now())).toBe(processes * race.jobs + 1);
  expect(await ledger.breakers()).toMatchObject([{ taken: 10 }]);
}
