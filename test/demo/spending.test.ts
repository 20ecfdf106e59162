import { expect, test } from 'vitest';
import { Books } from '../../demo/books.ts';
import { allJobs } from '../../demo/job-lists.ts';
import { spendingOf } from '../../demo/spending.ts';
import { LIST_PRICES } from '../../shared/cost/price-table.ts';
import type { JobScript } from '../../simulator/job-script.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';

const HOUR_MS = 3_600_000;
const TIB = 2 ** 40;
const SELECT = { statementType: 'SELECT', estimatedBytes: 2 * TIB, bytesProcessed: TIB };
const ON_SLOTS = { statementType: 'SELECT', reservation: 'shop-admin:US.pipelines', edition: 'ENTERPRISE' };
const NOTHING = { spentUsd: 0, upToUsd: 0, unknown: 0 };

/** What jobs cost by an hour after they were created. */
async function spentInAnHour(...scripts: readonly Partial<JobScript>[]) {
  const clock = new VirtualClock(0);
  const simulator = new Simulator({ clock, random: () => 0.5 });
  for (const [index, script] of scripts.entries())
    simulator.start({ projectId: 'shop-prod', jobId: `job_${index}`, ...script });
  await clock.advanceTo(HOUR_MS);
  return spendingOf(await new Books(simulator).read(await allJobs(simulator)), LIST_PRICES);
}

test.each<[string, Partial<JobScript>, Partial<typeof NOTHING>]>([
  ['a query on demand that has ended: what was billed', SELECT, { spentUsd: 6.25 }],
  [
    'one that runs: nothing yet, and up to its estimate',
    { ...SELECT, runMs: 2 * HOUR_MS },
    { upToUsd: 12.5 },
  ],
  [
    'one that runs without an estimate: unknown',
    { statementType: 'SELECT', runMs: 2 * HOUR_MS },
    { unknown: 1 },
  ],
  ['one where no prices are known: unknown', { ...SELECT, location: 'us-west8' }, { unknown: 1 }],
  ['a job on slots: its slot time so far', { ...ON_SLOTS, slots: 100, runMs: 2 * HOUR_MS }, { spentUsd: 6 }],
  ['a load in the shared pool: nothing', { type: 'LOAD' }, {}],
  [
    'a script: what its children cost, once',
    { children: [SELECT, { ...ON_SLOTS, slots: 100, runMs: 2 * HOUR_MS }] },
    // The second child has run for an hour less the second that the first one took.
    { spentUsd: 12.248333333 },
  ],
])('of %s', async (_, script, expected) => {
  expect(await spentInAnHour(script)).toEqual({ ...NOTHING, ...expected });
});

test('what is unknown of one job takes nothing from what is known of others', async () => {
  const spending = await spentInAnHour(SELECT, { statementType: 'SELECT', runMs: 2 * HOUR_MS }, SELECT);
  expect(spending).toEqual({ spentUsd: 12.5, upToUsd: 0, unknown: 1 });
});
