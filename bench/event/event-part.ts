import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Measure, Part, Run } from '../part.ts';
import { type Rounds, sideBySide } from '../side-by-side.ts';
import { inProcess } from './in-process.ts';
import { pushMany } from './load.ts';
import { manyPolicies } from './many-policies.ts';
import { type ServedFunction, serveFunction } from './served-function.ts';
import { PROJECT, startedQuery } from './started-query.ts';

/** What an event costs that needs no call to BigQuery: almost all of them. */
export const eventPart: Part = {
  letter: 'a',
  title: 'What an event costs',
  async measure(run) {
    const served = await underTheFramework(run);
    run.progress('one event inside one process');
    return [...served, ...(await insideOneProcess(run))];
  },
};

async function underTheFramework(run: Run): Promise<readonly Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'watchdog-bench-'));
  const policies = join(folder, 'policies.yaml');
  writeFileSync(policies, manyPolicies(50));
  const functions: ServedFunction[] = [];
  try {
    run.progress('cancel and an empty function under the functions framework');
    const cancel = await serveFunction('functions/index.ts', {
      FUNCTION_TARGET: 'cancel',
      WATCHDOG_POLICIES: policies,
      WATCHDOG_LEDGER: 'sqlite::memory:',
      WATCHDOG_PROJECTS: PROJECT,
      // Nobody listens there: an event that needed a call would not be answered 204.
      WATCHDOG_BIGQUERY_ENDPOINT: 'http://127.0.0.1:9',
    });
    functions.push(cancel);
    const empty = await serveFunction('bench/event/empty-function.ts', { FUNCTION_TARGET: 'empty' });
    functions.push(empty);
    return await compareServed(cancel, empty, run);
  } finally {
    for (const served of functions) served.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compareServed(
  cancel: ServedFunction,
  empty: ServedFunction,
  { quick }: Run,
): Promise<readonly Measure[]> {
  const body = await startedQuery(Date.now());
  const [pushes, rounds, warmUps] = quick ? [50, 1, 0] : [1_000, 21, 4];
  const seconds = (served: ServedFunction) => () => pushMany(served.port, body, pushes);
  const micros = (served: ServedFunction) => async () => {
    const before = await served.cpuMicros();
    await pushMany(served.port, body, pushes);
    return (await served.cpuMicros()) - before;
  };
  await sideBySide(warmUps, { cancel: seconds(cancel), empty: seconds(empty) });
  const inSeconds = await sideBySide(rounds, { cancel: seconds(cancel), empty: seconds(empty) });
  const inCpu = await sideBySide(rounds, { cancel: micros(cancel), empty: micros(empty) });
  return [
    {
      what: 'requests/s: cancel with 50 policies / an empty function',
      unit: 'x',
      // As many requests in less time are more a second.
      values: inSeconds.ratios('empty', 'cancel'),
      target: { of: 'median', side: 'at least', bound: 0.8 },
    },
    {
      what: 'CPU of an event: cancel with 50 policies / an empty function',
      unit: 'x',
      values: inCpu.ratios('cancel', 'empty'),
      target: { of: 'median', side: 'at most', bound: 1.25 },
    },
  ];
}

async function insideOneProcess({ quick }: Run): Promise<readonly Measure[]> {
  const contenders = await inProcess(quick ? 20 : 1_000);
  await sideBySide(quick ? 0 : 8, contenders);
  const rounds = await sideBySide(quick ? 1 : 31, contenders);
  return ratiosInside(rounds);
}

function ratiosInside(rounds: Rounds<keyof Awaited<ReturnType<typeof inProcess>>>): readonly Measure[] {
  const against = { unit: 'x' } as const;
  return [
    {
      ...against,
      what: 'handling a push, 50 policies / base64 and JSON.parse of its data',
      values: rounds.ratios('handle 50', 'decode'),
      target: { of: 'median', side: 'at most', bound: 2 },
    },
    {
      ...against,
      what: 'judging, 50 policies / handling the whole push',
      values: rounds.ratios('judge 50', 'handle 50'),
      target: { of: 'median', side: 'at most', bound: 0.2 },
    },
    {
      ...against,
      what: 'judging: 500 policies / 50 policies',
      values: rounds.ratios('judge 500', 'judge 50'),
      target: { of: 'median', side: 'at most', bound: 3 },
    },
    {
      ...against,
      what: 'handling a push: 500 policies / 50 policies',
      values: rounds.ratios('handle 500', 'handle 50'),
    },
  ];
}
