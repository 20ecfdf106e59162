import { describe, expect, test } from 'vitest';
import { PageTokenError } from '../../shared/bigquery/errors.ts';
import type { LedgerStore } from '../../shared/ledger/store.ts';
import { newRecording, recordingStore } from '../ledger/recording-store.ts';
import { MINUTE_MS } from '../running-job.ts';
import { START_MS } from '../watchdog.ts';
import { type EndedWorld, openEndedWorld, PROJECT, type SpoilAnswer } from './ended-world.ts';

const HOUR_MS = 60 * MINUTE_MS;

function start(world: EndedWorld, jobId: string, createdMin: number, runMin: number, location = 'US'): void {
  const createdAtMs = Math.floor(START_MS + createdMin * MINUTE_MS);
  world.simulator.start({ projectId: PROJECT, jobId, createdAtMs, runMs: runMin * MINUTE_MS, location });
}

/** Sweeps at these minutes: the ids that each was given, sorted. */
async function sweepAt(world: EndedWorld, ...minutes: readonly number[]): Promise<string[][]> {
  const handed: string[][] = [];
  for (const minute of minutes) {
    await world.clock.advanceTo(START_MS + minute * MINUTE_MS);
    handed.push([...(await world.sweep()).handed].sort());
  }
  return handed;
}

describe('a sweep for what ended', () => {
  test('finds a job that ran for days, once, and a short one again for as long as lists may be late', async () => {
    const world = await openEndedWorld();
    start(world, 'long', -5 * 24 * 60, 5 * 24 * 60 + 2.5);
    start(world, 'short', 1.5, 0.1);
    expect(await sweepAt(world, 0, 1, 2, 3, 11, 12, 13)).toEqual([
      [],
      [],
      ['short'],
      ['long', 'short'],
      ['short'],
      ['short'],
      [],
    ]);
  });

  test('looks back 72 hours at first, to the very hour', async () => {
    const world = await openEndedWorld();
    start(world, 'young', -72 * 60, 1);
    start(world, 'old', -72 * 60 - 0.0001, 1);
    expect(await sweepAt(world, 0, 20)).toEqual([['young'], []]);
  });

  test('finds what ended in a location that was away, and goes on elsewhere in the meantime', async () => {
    const world = await openEndedWorld();
    start(world, 'runs_before', -30, 40, 'EU');
    start(world, 'begins_and_ends_while_away', 3, 1, 'EU');
    start(world, 'elsewhere', 3, 1);
    await sweepAt(world, 0);
    world.simulator.setLists({ unreachable: ['eu'] });
    expect(await sweepAt(world, 5, 20, 200)).toEqual([['elsewhere'], ['elsewhere'], []]);
    expect(world.sweeps.at(-1)?.before?.behind).toEqual(new Map([['EU', START_MS]]));
    world.simulator.setLists({ unreachable: [] });
    const both = ['begins_and_ends_while_away', 'runs_before'];
    expect(await sweepAt(world, 201, 202)).toEqual([both, []]);
    expect(world.sweeps.at(-1)?.before?.behind).toEqual(new Map());
  });

  test('lists the past anew while a location is away from the first sweep on, however late it comes back', async () => {
    const world = await openEndedWorld();
    start(world, 'ended_before', -71 * 60, 1, 'EU');
    world.simulator.setLists({ unreachable: ['EU'] });
    await sweepAt(world, 0, 24 * 60);
    world.simulator.setLists({ unreachable: [] });
    expect(await sweepAt(world, 48 * 60, 49 * 60)).toEqual([['ended_before'], []]);
  });

  test('hands over again a job whose judging failed, however long that goes on', async () => {
    const world = await openEndedWorld();
    start(world, 'poor', 0, 0.1);
    const judge = async () => {
      throw new Error('not now');
    };
    for (const minute of [1, 60, 600]) {
      await world.clock.advanceTo(START_MS + minute * MINUTE_MS);
      expect(await world.sweep({ judge })).toMatchObject({
        result: { complete: true, faults: [new Error('not now')] },
      });
    }
    expect(await sweepAt(world, 1_200, 1_201)).toEqual([['poor'], []]);
  });

  test('misses no job that a page skips because another one ended between two pages', async () => {
    const world = await openEndedWorld({ pageSize: 3 });
    world.simulator.setLists({ pagesShift: true });
    world.simulator.setFaults(({ method }) => (method === 'list' ? { kind: 'slow', ms: 10_000 } : undefined));
    for (let index = 0; index < 9; index++)
      start(world, `job_${index}`, -300 + index, index === 8 ? 292.25 : 400);
    await sweepAt(world, 0);
    const [handed = []] = await sweepAt(world, 200);
    expect(handed).toEqual(Array.from({ length: 8 }, (_, index) => `job_${index}`));
  });

  test('forgets a job that BigQuery no longer knows', async () => {
    const world = await openEndedWorld();
    start(world, 'deleted', -60, 61);
    await sweepAt(world, 0);
    await world.clock.advanceTo(START_MS + 2 * MINUTE_MS);
    const path = `/bigquery/v2/projects/${PROJECT}/jobs/deleted/delete?location=US`;
    await world.clock.run(world.simulator.handle({ method: 'DELETE', path, headers: {} }));
    expect(await sweepAt(world, 3, 4)).toEqual([[], []]);
    expect(await world.store.find({ collection: 'running-sets', limit: 9 })).toMatchObject([
      { body: { jobs: [] } },
    ]);
  });

  test('of which there are two at once: the later one’s progress is not recorded', async () => {
    const world = await openEndedWorld();
    start(world, 'short', -1, 0.1);
    const both = Promise.all([world.begin({ ignoresLease: true }), world.begin({ ignoresLease: true })]);
    const kinds = (await world.clock.run(both)).map(({ result }) =>
      typeof result === 'object' && 'kind' in result ? result.kind : result,
    );
    expect(kinds.sort()).toEqual(['done', 'overtaken']);
  });
});

describe('more than one sweep has time for', () => {
  test.each([
    { name: 'spread over three days', spreadMs: 72 * HOUR_MS },
    { name: 'all within one minute', spreadMs: MINUTE_MS },
  ])('is done by several, $name', async ({ spreadMs }) => {
    const world = await openEndedWorld({ pageSize: 50 });
    const jobs = 1_000;
    for (let index = 0; index < jobs; index++)
      start(world, `job_${index}`, -1 - (index / jobs) * (spreadMs / MINUTE_MS) * 0.99, 0.001);
    world.simulator.setFaults(({ method }) => (method === 'list' ? { kind: 'slow', ms: 3_000 } : undefined));
    const handed = new Set<string>();
    for (let sweeps = 0; sweeps < 60; sweeps++) {
      const told = await world.sweep({ seconds: 60 });
      for (const jobId of told.handed) handed.add(jobId);
      if (
        typeof told.result === 'object' &&
        'kind' in told.result &&
        told.result.kind === 'done' &&
        told.result.complete
      )
        break;
    }
    expect(handed.size).toBe(jobs);
    expect(world.sweeps.length).toBeGreaterThan(1);
    expect(world.sweeps.at(-1)).toMatchObject({ result: { kind: 'done', complete: true } });
  });
});

describe('the running set of 1,500 jobs', () => {
  test('costs a read and a write for a job that comes or goes, and neither when nothing does', async () => {
    const recording = newRecording();
    let biggest = 0;
    const wrap = (store: LedgerStore): LedgerStore => {
      const recorded = recordingStore(store, recording);
      return {
        ...recorded,
        write: (writes) => {
          for (const write of writes) biggest = Math.max(biggest, JSON.stringify(write).length);
          return recorded.write(writes);
        },
      };
    };
    const world = await openEndedWorld({ pageSize: 500, wrap });
    for (let index = 0; index < 1_500; index++) start(world, `job_${index}`, -60, index === 7 ? 60.5 : 1e6);
    await sweepAt(world, 0);
    const cost = async (minute: number) => {
      Object.assign(recording, newRecording());
      const [handed] = await sweepAt(world, minute);
      const { reads, writes } = recording;
      return { handed, reads, writes };
    };
    biggest = 0;
    const still = await cost(0.1);
    expect(still).toMatchObject({ handed: [] });
    expect(await cost(1)).toEqual({ handed: ['job_7'], reads: still.reads + 1, writes: still.writes + 1 });
    expect(await cost(2)).toEqual(still);
    expect(biggest).toBeLessThan(4_000);
  });
});

describe('a list whose second page does not come', () => {
  const refused = { status: 400, body: { error: { code: 400, errors: [{ reason: 'invalid' }] } } };
  const isFurther: SpoilAnswer = ({ path }, answer) =>
    /pageToken=/.test(path) ? { ...answer, ...refused } : answer;
  const leadsBack: SpoilAnswer = (_request, answer) => ({
    ...answer,
    body: Object.assign({}, answer.body, { nextPageToken: 'again' }),
  });

  test.each([
    ['for its token is refused', isFurther],
    ['for it leads back', leadsBack],
  ])('%s, is asked for a few times only, and what it told before is handed over', async (_why, spoilt) => {
    let lists = 0;
    const world = await openEndedWorld({
      spoil: (request, answer) => {
        if (!/\/jobs\?/.test(request.path)) return answer;
        lists += 1;
        return spoilt(request, answer);
      },
    });
    for (let index = 0; index < 10; index++) start(world, `job_${index}`, 0, 0.1);
    await world.clock.advanceTo(START_MS + MINUTE_MS);
    const { result, handed } = await world.sweep();
    expect(result).toBeInstanceOf(PageTokenError);
    expect(handed.length).toBeGreaterThan(0);
    expect(lists).toBeLessThan(50);
    expect(world.clock.now()).toBeLessThan(START_MS + 2 * MINUTE_MS);
  });

  test('of those that run, is no reason to go on at once; what ended is recorded', async () => {
    const world = await openEndedWorld({
      spoil: (request, answer) =>
        /minCreationTime/.test(request.path) ? answer : isFurther(request, answer),
    });
    for (let index = 0; index < 10; index++) start(world, `runs_${index}`, 0, 60);
    await world.clock.advanceTo(START_MS + MINUTE_MS);
    expect((await world.sweep()).result).toBeInstanceOf(PageTokenError);
    const { before } = await world.sweep();
    expect(before).toMatchObject({ watermarkMs: START_MS + MINUTE_MS });
  });

  test('once, costs another list and nothing else', async () => {
    let refusals = 0;
    const world = await openEndedWorld({
      spoil: (request, answer) => {
        if (!/minCreationTime=.*pageToken=|pageToken=.*minCreationTime=/.test(request.path)) return answer;
        refusals += 1;
        return refusals === 1 ? isFurther(request, answer) : answer;
      },
    });
    const ids = [...Array(10).keys()].map((index) => `job_${index}`);
    for (const id of ids) start(world, id, 0, 0.1);
    await world.clock.advanceTo(START_MS + MINUTE_MS);
    const { result, handed } = await world.sweep();
    expect(result).toMatchObject({ kind: 'done', complete: true });
    expect(new Set(handed)).toEqual(new Set(ids));
  });
});
