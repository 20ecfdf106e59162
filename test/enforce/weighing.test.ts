import { describe, expect, test } from 'vitest';
import { NotFoundError, TerminalError } from '../../shared/bigquery/errors.ts';
import type { Answer } from '../../shared/bigquery/jobs-api.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { MINUTE_MS, running, tenMinutes, truth } from '../running-job.ts';
import { simulatedJobsApi } from '../simulated-jobs-api.ts';
import { seeded } from '../simulator/playground.ts';
import { openWatchdog, START_MS, type Watchdog } from '../watchdog.ts';

const trips = ({ alerts }: Watchdog) =>
  alerts.filter(({ type }) => type === 'bigquery-watchdog.breaker.tripped.v1').length;

const asked = ({ simulator }: Watchdog) => simulator.writes.length;

/** So many guilty jobs among twenty, of which so many are innocent. */
function twenty(watchdog: Watchdog, guilty: number): void {
  for (let index = 0; index < guilty; index++) running(watchdog, `guilty-${index}`, 30);
  for (let index = guilty; index < 20; index++) running(watchdog, `young-${index}`, 1);
}

async function nextTick(watchdog: Watchdog): Promise<void> {
  await watchdog.clock.advanceTo(watchdog.clock.now() + MINUTE_MS);
  await watchdog.sweep();
}

describe('a look that tells nothing acquits nobody', () => {
  type Lie = (answer: Answer) => Answer;

  /** The first looks are answered otherwise than they would be. */
  async function lying(lies: number, lie: Lie): Promise<Watchdog> {
    const clock = new VirtualClock(START_MS);
    const simulator = new Simulator({ clock, random: seeded(1) });
    const api = simulatedJobsApi((request) => simulator.handle(request));
    let gets = 0;
    const get = async (...call: Parameters<typeof api.get>): Promise<Answer> => {
      gets += 1;
      const isLie = gets <= lies;
      const answer = await api.get(...call);
      return isLie ? lie(answer) : answer;
    };
    return openWatchdog({
      policies: tenMinutes(),
      clock,
      simulator,
      parts: { jobsApi: () => ({ ...api, get }) },
    });
  }

  const notFound: Lie = () => {
    throw new NotFoundError({ method: 'get', target: 'a job', status: 404 });
  };

  test.each<{ name: string; lie: Lie }>([
    { name: 'an answer without a date', lie: ({ body }) => ({ body }) },
    { name: 'one with a date of a minute ago', lie: ({ body }) => ({ body, dateMs: START_MS - MINUTE_MS }) },
  ])('$name: nothing is done before the next sweep, which trips', async ({ lie }) => {
    const watchdog = await lying(1, lie);
    twenty(watchdog, 5);
    await watchdog.sweep();
    expect([asked(watchdog), trips(watchdog)]).toEqual([0, 0]);
    await nextTick(watchdog);
    expect([asked(watchdog), trips(watchdog)]).toEqual([0, 1]);
  });

  test('a job that BigQuery does not find is left to the next sweep, and the others are weighed without it', async () => {
    const watchdog = await lying(1, notFound);
    twenty(watchdog, 5);
    await watchdog.sweep();
    expect([asked(watchdog), trips(watchdog)]).toEqual([4, 0]);
    await nextTick(watchdog);
    expect([asked(watchdog), trips(watchdog)]).toEqual([5, 0]);
  });

  test('where it finds none of them, nothing is done, though it finds them a moment later', async () => {
    const watchdog = await lying(20, notFound);
    twenty(watchdog, 20);
    await watchdog.sweep();
    expect(asked(watchdog)).toBe(0);
    await nextTick(watchdog);
    expect([asked(watchdog), trips(watchdog)]).toEqual([0, 1]);
  });
});

describe('looks that are refused', () => {
  async function refusing(guilty: number, refused: number): Promise<Watchdog> {
    const clock = new VirtualClock(START_MS);
    const simulator = new Simulator({ clock, random: seeded(1) });
    const api = simulatedJobsApi((request) => simulator.handle(request));
    const get: typeof api.get = async (name, ...rest) => {
      if (Number(name.jobId.replace('guilty-', '')) >= refused) return api.get(name, ...rest);
      throw new TerminalError({ method: 'get', target: name.jobId, status: 400 });
    };
    const parts = { jobsApi: () => ({ ...api, get }) };
    const watchdog = await openWatchdog({ policies: tenMinutes(), clock, simulator, parts });
    for (let index = 0; index < guilty; index++) running(watchdog, `guilty-${index}`, 30);
    for (let index = guilty; index < 49; index++) running(watchdog, `young-${index}`, 1);
    await watchdog.sweep();
    return watchdog;
  }

  const told = ({ alerts }: Watchdog) =>
    alerts.filter(({ type }) => type === 'bigquery-watchdog.project.unwatchable.v1').length;

  test('one that all others hang on is one fault', async () => {
    const watchdog = await refusing(10, 1);
    expect(asked(watchdog)).toBe(0);
    expect(watchdog.lines.filter((line) => line.includes('job not judged'))).toHaveLength(1);
    expect(told(watchdog)).toBe(1);
  });

  test('for the same reason are told in one alert, sent once', async () => {
    expect(told(await refusing(3, 3))).toBe(1);
  });
});

describe('only what a look convicts takes a slot', () => {
  /** Jobs that ended in time, among young ones, and a list that still shows them as guilty. */
  async function stale(acts: number, ended: number, young: number): Promise<Watchdog> {
    const policies = tenMinutes(`, breaker: { acts: ${acts}, per: 1h, share: 20% }`);
    const watchdog = await openWatchdog({ policies });
    watchdog.simulator.setLists({ stalenessMs: 25_000 });
    watchdog.simulator.setFaults(({ method }) => (method === 'get' ? { kind: 'slow', ms: 200 } : undefined));
    const runMs = 10 * MINUTE_MS - 10_000;
    for (let index = 0; index < ended; index++) running(watchdog, `ended-${index}`, 10 - 5 / 60, { runMs });
    for (let index = 0; index < young; index++) running(watchdog, `young-${index}`, 1);
    await watchdog.clock.advanceTo(START_MS + 15_000);
    return watchdog;
  }

  test.each([
    { name: 'below the share', acts: 3, ended: 4, young: 30 },
    { name: 'above it', acts: 4, ended: 6, young: 10 },
  ])('a stale list trips no breaker through its slots: $name', async ({ acts, ended, young }) => {
    const watchdog = await stale(acts, ended, young);
    await watchdog.sweep();
    expect([asked(watchdog), trips(watchdog)]).toEqual([0, 0]);
    expect(await watchdog.runtime.ports.ledger.breakers()).toEqual([]);
  });

  test('nor do jobs that were let through and had ended count when another falls due', async () => {
    const watchdog = await stale(50, 4, 0);
    running(watchdog, 'soon', 9.5);
    await watchdog.sweep();
    expect(trips(watchdog)).toBe(0);
    expect(truth(watchdog, 'soon').state).toBe('DONE');
  });

  test('who gets none is looked at once, and people are told', async () => {
    const policies = tenMinutes(', breaker: { acts: 2, per: 1h, share: 100% }');
    const watchdog = await openWatchdog({ policies });
    let looks = 0;
    watchdog.simulator.setFaults(({ method }) => {
      if (method === 'get') looks += 1;
      return undefined;
    });
    const jobs = [0, 1, 2, 3, 4, 5].map((index) => `guilty-${index}`);
    for (const jobId of jobs) running(watchdog, jobId, 30);
    await watchdog.sweep();
    expect([asked(watchdog), trips(watchdog)]).toEqual([2, 1]);
    // Those that are stopped are looked at again, to see that they ended.
    expect(looks).toBe(2 * 2 + 4);
    const left = jobs.filter((jobId) => truth(watchdog, jobId).state === 'RUNNING');
    expect(left.map((jobId) => watchdog.stepsOf(jobId))).toEqual(left.map(() => ['observed']));
  });

  test.each(['accessDenied', 'internalError'] as const)('nor do looks that fail: %s', async (kind) => {
    const policies = tenMinutes(', breaker: { acts: 2, per: 1h, share: 100% }');
    const watchdog = await openWatchdog({ policies });
    watchdog.simulator.setFaults(({ method }) => (method === 'get' ? { kind } : undefined));
    for (let index = 0; index < 4; index++) {
      running(watchdog, `guilty-${index}`, 30);
      await nextTick(watchdog);
    }
    expect([asked(watchdog), trips(watchdog)]).toEqual([0, 0]);
    expect(await watchdog.runtime.ports.ledger.breakers()).toEqual([]);
  });
});

describe('all that will be acted on is weighed before the first act', () => {
  const two = (a: string, b: string) => `
version: 1
mode: enforce
policies:
  - { name: a, match: { jobTypes: [QUERY] }, limit: { ${a} }, action: cancel }
  - { name: b, match: { jobTypes: [QUERY] }, limit: { ${b} }, action: cancel`;
  const enforced = (a: string, b: string) => `${two(a, b)} }\n`;
  const observed = (a: string, b: string) => `${two(a, b)}, mode: observe }\n`;

  /** Looks come one after the other, as they do. */
  function oneByOne(watchdog: Watchdog, onList: () => void = () => undefined): void {
    let gets = 0;
    watchdog.simulator.setFaults(({ method }) => {
      if (method === 'list') onList();
      return method === 'get' ? { kind: 'slow', ms: 50 + 37 * gets++ } : undefined;
    });
  }

  test.each([
    {
      name: 'loosened for the policy before',
      before: enforced('runtime: 10m', 'runtime: 10m'),
      after: enforced('runtime: 10h', 'runtime: 10m'),
    },
    {
      name: 'switched on',
      before: observed('runtime: 10h', 'runtime: 10m'),
      after: enforced('runtime: 10h', 'runtime: 10m'),
    },
  ])('by a file that changes while the sweep lists: $name', async ({ before, after }) => {
    const watchdog = await openWatchdog({ policies: before });
    twenty(watchdog, 20);
    oneByOne(watchdog, () => watchdog.setPolicies(after));
    await watchdog.sweep();
    expect([asked(watchdog), trips(watchdog)]).toEqual([0, 0]);
    await nextTick(watchdog);
    expect([asked(watchdog), trips(watchdog)]).toEqual([0, 1]);
  });

  test('for another policy than the one that a stale list called for', async () => {
    const watchdog = await openWatchdog({ policies: enforced('pending: 10m', 'runtime: 1s') });
    watchdog.simulator.setLists({ stalenessMs: 25_000 });
    oneByOne(watchdog);
    for (let index = 0; index < 20; index++) {
      running(watchdog, `waited-${index}`, 30, { pendingMs: 30 * MINUTE_MS + 25_000 });
    }
    await watchdog.clock.advanceTo(START_MS + 40_000);
    await watchdog.sweep();
    expect([asked(watchdog), trips(watchdog)]).toEqual([0, 1]);
  });

  test.each([
    { name: 'that nobody came to ask', more: {} },
    {
      name: 'that had gone and came back',
      more: { state: 'ended', outcome: 'gone', askedAtMs: [START_MS - 1] },
    },
    { name: 'that nobody came to ask, though the list is slow', more: {}, listMs: 2_000 },
  ] as const)('with claims $name', async ({ more, ...slow }) => {
    const watchdog = await openWatchdog({ policies: tenMinutes() });
    const ms = 'listMs' in slow ? slow.listMs : 0;
    watchdog.simulator.setFaults(({ method }) => (method === 'list' ? { kind: 'slow', ms } : undefined));
    twenty(watchdog, 20);
    const { ledger } = watchdog.runtime.ports;
    for (let index = 0; index < 20; index++) {
      const won = await ledger.win({
        job: { projectId: 'my-project', location: 'US', jobId: `guilty-${index}` },
        verb: 'cancel',
        attempt: 1,
        policy: 'short',
        finding: { policy: 'short', degree: 'crossed', action: 'cancel', mode: 'enforce', sentence: 'long' },
        holder: 'who died',
        leaseMs: 1_000,
      });
      if (won.kind === 'won') await ledger.advance(won.held, more, []);
    }
    await nextTick(watchdog);
    expect([asked(watchdog), trips(watchdog)]).toEqual([0, 1]);
  });
});
