import { describe, expect, test } from 'vitest';
import { readPolicies } from '../../shared/policy/read-policies.ts';
import { scan } from '../../shared/watch/scan.ts';
import { ScanBreakers, type Settled } from '../../shared/watch/scan-breakers.ts';
import { MINUTE_MS, running } from '../running-job.ts';
import { jobAlerts, openWatchdog, type Watchdog } from '../watchdog.ts';

interface Case {
  readonly name: string;
  readonly policies: readonly string[];
  /** By project, how many jobs run for an hour and how many have just begun. */
  readonly projects: Readonly<Record<string, { readonly guilty: number; readonly innocent: number }>>;
  /** By policy, how many jobs are cancelled for it. */
  readonly cancelled: Readonly<Record<string, number>>;
  readonly trips: readonly string[];
}

const SHORT = 'name: short, limit: { runtime: 10m }, action: cancel';
const LONGER = 'name: longer, limit: { runtime: 20m }, action: cancel';

const CASES: readonly Case[] = [
  {
    name: 'few enough: all',
    policies: [SHORT],
    projects: { 'my-project': { guilty: 4, innocent: 0 } },
    cancelled: { short: 4 },
    trips: [],
  },
  {
    name: 'exactly its share: all',
    policies: [SHORT],
    projects: { 'my-project': { guilty: 5, innocent: 20 } },
    cancelled: { short: 5 },
    trips: [],
  },
  {
    name: 'more than its share: none',
    policies: [SHORT],
    projects: { 'my-project': { guilty: 5, innocent: 19 } },
    cancelled: {},
    trips: ['my-project: short: 5 of 24 pending and running jobs are guilty, more than 20 %: none would be'],
  },
  {
    name: 'more than its slots: so many as it has',
    policies: [`${SHORT}, breaker: { acts: 3, per: 2h, share: 100% }`],
    projects: { 'my-project': { guilty: 5, innocent: 0 } },
    cancelled: { short: 3 },
    trips: [
      'my-project: short: 5 jobs are guilty, and 3 of the 3 within 2 h that its breaker allows are left: 3',
    ],
  },
  {
    name: 'what one holds back falls to the next policy',
    policies: [`${SHORT}, breaker: { acts: 2, share: 100% }`, `${LONGER}, breaker: { share: 100% }`],
    projects: { 'my-project': { guilty: 5, innocent: 0 } },
    cancelled: { short: 2, longer: 3 },
    trips: ['my-project: short: 5 jobs are guilty'],
  },
  {
    name: 'what falls to the next one is weighed by its share',
    policies: [SHORT, LONGER],
    projects: { 'my-project': { guilty: 5, innocent: 0 } },
    cancelled: {},
    trips: ['my-project: short: 5 of 5', 'my-project: longer: 5 of 5'],
  },
  {
    name: 'slots are those of all projects together',
    policies: [`${SHORT}, breaker: { acts: 5, share: 100% }`],
    projects: { 'my-project': { guilty: 4, innocent: 0 }, 'other-project': { guilty: 4, innocent: 0 } },
    cancelled: { short: 5 },
    trips: [
      'other-project: short: 4 jobs are guilty, and 1 of the 5 within 1 h that its breaker allows are left',
    ],
  },
  {
    name: 'a breaker that one project trips is open in the next',
    policies: [SHORT],
    projects: { 'my-project': { guilty: 5, innocent: 0 }, 'other-project': { guilty: 1, innocent: 30 } },
    cancelled: {},
    trips: ['my-project: short: 5 of 5'],
  },
];

function textOf({ policies }: Case): string {
  return `version: 1\nmode: enforce\npolicies:\n${policies.map((policy) => `  - { ${policy} }\n`).join('')}`;
}

async function populated(one: Case): Promise<Watchdog> {
  const watchdog = await openWatchdog({ policies: textOf(one) });
  for (const [projectId, { guilty, innocent }] of Object.entries(one.projects)) {
    for (let n = 0; n < guilty; n++) running(watchdog, `guilty_${n}`, 60.5, { projectId });
    for (let n = 0; n < innocent; n++) running(watchdog, `innocent_${n}`, 1, { projectId });
  }
  return watchdog;
}

async function scanned(one: Case): Promise<Record<string, Settled>> {
  const { clock, runtime } = await populated(one);
  const { policies } = readPolicies(textOf(one), 'policies.yaml');
  const { jobs } = runtime.ports;
  const breakers = new ScanBreakers(policies);
  const settled: Record<string, Settled> = {};
  const all = async (): Promise<void> => {
    for (const projectId of Object.keys(one.projects)) {
      const span = { deadlineAtMs: clock.now() + MINUTE_MS };
      for await (const found of scan(projectId, policies, span, { jobs, clock })) {
        if (found.kind === 'job') breakers.count(found.sight);
        if (found.kind === 'done') settled[projectId] = breakers.settle(found.jobs);
      }
    }
  };
  await clock.run(all());
  return settled;
}

function tallied(policies: readonly (string | undefined)[]): Record<string, number> {
  const tally: Record<string, number> = {};
  for (const policy of policies) if (policy !== undefined) tally[policy] = (tally[policy] ?? 0) + 1;
  return tally;
}

describe.for(CASES)('$name', (one) => {
  test('a scan tells what would be done', async () => {
    const settled = Object.entries(await scanned(one));
    expect(tallied(settled.flatMap(([, { acts }]) => acts.map(({ policy }) => policy)))).toEqual(
      one.cancelled,
    );
    const trips = settled.flatMap(([project, all]) =>
      all.trips.map(({ policy, why }) => `${project}: ${policy}: ${why}`),
    );
    expect(trips).toEqual(one.trips.map((start) => expect.stringContaining(start)));
  });

  test('and sweeps do that', async () => {
    const watchdog = await populated(one);
    for (const projectId of Object.keys(one.projects)) await watchdog.sweep(projectId);
    const cancelled = jobAlerts(watchdog.alerts).filter(({ data }) => data.step === 'cancelled');
    expect(tallied(cancelled.map(({ data }) => data.policy))).toEqual(one.cancelled);
  });
});

test('where nobody can say how many jobs a project has, slots alone are weighed', async () => {
  const one: Case = {
    name: '',
    policies: [SHORT],
    projects: { 'my-project': { guilty: 6, innocent: 0 } },
    cancelled: {},
    trips: [],
  };
  const [{ acts } = { acts: [] }] = Object.values(await scanned(one));
  const breakers = new ScanBreakers(readPolicies(textOf(one), 'policies.yaml').policies);
  for (const { sight } of acts) breakers.count(sight);
  const settled = breakers.settle(undefined);
  expect(settled.trips).toEqual([]);
  expect(settled.acts.map(({ policy }) => policy)).toEqual(Array.from({ length: 6 }, () => 'short'));
});
