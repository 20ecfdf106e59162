import { describe, expect, test } from 'vitest';
import { carryOut } from '../../../shared/enforce/retry.ts';
import {
  ETL,
  etlPolicy,
  fail,
  inserted,
  MINUTE_MS,
  nameOf,
  openRetrying,
  type Retrying,
  SECOND_MS,
  START_MS,
  scheduled,
} from './retrying.ts';

/** Others of the same account, each of which does something else and succeeds, one a millisecond. */
function others({ simulator }: Retrying, count: number, fromMs: number): void {
  for (let index = 0; index < count; index++) {
    const createdAtMs = fromMs + index;
    const query = `SELECT ${createdAtMs}`;
    simulator.start({ ...nameOf(`other-${createdAtMs}`), principal: ETL, query, createdAtMs, runMs: 10 });
  }
}

const LATE = etlPolicy().replace('initial: 1m, factor: 2, max: 30m', 'initial: 20m, factor: 1, max: 20m');

describe('a job of an account that ran very many others since', () => {
  test('is compared in parts that end, and then run again', async () => {
    const retrying = await scheduled({ policies: LATE });
    others(retrying, 5_000, START_MS);
    const looks: number[] = [];
    retrying.simulator.setFaults(({ method, request }) => {
      if (method === 'get' && request.path.includes('other-'))
        looks[looks.length - 1] = (looks.at(-1) ?? 0) + 1;
      return undefined;
    });
    for (let minutes = 0; minutes < 40; minutes++) {
      looks.push(0);
      await retrying.pass(MINUTE_MS, MINUTE_MS);
    }
    expect(looks.filter((count) => count > 0)).toEqual([2_000, 2_000, 1_000]);
    expect(inserted(retrying)).toHaveLength(1);
    expect(retrying.told()).toEqual(['retry-scheduled', 'retried', 'recovered']);
  });

  test('is gone on with where the instance before ran out of time, though that is gone', async () => {
    const retrying = await scheduled({ policies: LATE });
    const { clock, simulator, ledger } = retrying;
    others(retrying, 1_000, START_MS);
    await clock.advanceTo(START_MS + 30 * MINUTE_MS);
    simulator.setFaults(({ method }) => (method === 'get' ? { kind: 'slow', ms: 3 * SECOND_MS } : undefined));
    for (let instances = 0; instances < 4; instances++) {
      const next = await openRetrying({ clock, simulator, ledger });
      const claim = await retrying.claim(1);
      if (!claim) throw new Error('the claim is gone');
      const span = { ...next.span(), deadlineAtMs: clock.now() + 2 * MINUTE_MS };
      await clock.run(carryOut(claim, span, next.ports)).catch(() => undefined);
      await clock.advanceTo(clock.now() + 5 * MINUTE_MS);
    }
    expect(inserted(retrying)).toHaveLength(1);
  });

  test('waits where one of the others did the same, however many came after that', async () => {
    const retrying = await scheduled({ policies: LATE });
    const same = {
      principal: ETL,
      query: "SELECT 'hush_hush'",
      createdAtMs: START_MS + 2_500,
      runMs: SECOND_MS,
    };
    retrying.simulator.start({ ...nameOf('same'), ...same });
    others(retrying, 5_000, START_MS);
    await retrying.pass(40 * MINUTE_MS, MINUTE_MS);
    expect(inserted(retrying)).toEqual([]);
    expect(retrying.told()).toEqual(['retry-scheduled', 'recovered run-by-others']);
  });

  test('has each of them looked at once, though many of its jobs are compared at the same time', async () => {
    const caps = ', caps: { perProjectPerHour: 1000, perPrincipalPerHour: 1000 }';
    const retrying = await openRetrying({ policies: etlPolicy('', caps) });
    const ids = Array.from({ length: 10 }, (_, index) => `root_${index}`);
    for (const jobId of ids) {
      fail(retrying, { jobId, query: `SELECT '${jobId}'` });
      await retrying.answer(jobId);
    }
    others(retrying, 100, START_MS);
    await retrying.clock.advanceTo(START_MS + 10 * MINUTE_MS);
    let looks = 0;
    retrying.simulator.setFaults(({ method, request }) => {
      if (method === 'get' && request.path.includes('other-')) looks += 1;
      return { kind: 'slow', ms: 200 };
    });
    const { claims } = await retrying.ledger.dueClaims('retry', 'my-project', retrying.clock.now(), 100);
    await retrying.clock.run(
      Promise.all(claims.map((claim) => carryOut(claim, retrying.span(), retrying.ports))),
    );
    expect(inserted(retrying)).toHaveLength(10);
    expect(looks).toBe(100);
  });

  test('shares its list with others that are due, and has none looked at that ended before', async () => {
    const retrying = await openRetrying();
    const { clock, simulator, ledger, ports } = retrying;
    const early = { principal: ETL.replace('etl-1', 'etl-2'), createdAtMs: START_MS, runMs: 500 };
    fail(retrying, { jobId: 'early', ...early });
    const before = { principal: ETL, query: 'SELECT 2', createdAtMs: START_MS + SECOND_MS, runMs: SECOND_MS };
    simulator.start({ ...nameOf('between'), ...before });
    const late = { createdAtMs: START_MS + 10 * SECOND_MS, runMs: SECOND_MS };
    for (const jobId of ['late', 'later']) fail(retrying, { jobId, query: `SELECT '${jobId}'`, ...late });
    await clock.advanceTo(START_MS + 20 * SECOND_MS);
    for (const jobId of ['late', 'later', 'early']) await retrying.answer(jobId);
    await clock.advanceTo(START_MS + 3 * MINUTE_MS);
    const looks: string[] = [];
    let lists = 0;
    simulator.setFaults(({ method, request }) => {
      if (method === 'list') lists += 1;
      if (request.path.includes('between')) looks.push(request.path);
      return { kind: 'slow', ms: 100 };
    });
    const { claims } = await ledger.dueClaims('retry', 'my-project', clock.now(), 100);
    const byId = (id: string) => claims.filter(({ job }) => job.jobId === id);
    const span = retrying.span();
    const ordered = [...byId('late'), ...byId('later'), ...byId('early')];
    await clock.run(Promise.all(ordered.map((claim) => carryOut(claim, span, ports))));
    expect(inserted(retrying)).toHaveLength(3);
    expect(lists).toBe(4);
    expect(looks).toEqual([]);
  });

  test('has none looked at that were made to run another of its jobs again', async () => {
    const retrying = await openRetrying();
    const ids = ['first', 'second', 'third'];
    for (const jobId of ids) {
      fail(retrying, { jobId, query: `SELECT '${jobId}'` });
      await retrying.answer(jobId);
    }
    const looks: string[] = [];
    retrying.simulator.setFaults(({ method, request }) => {
      if (method === 'get') looks.push(/jobs\/(\w+)/.exec(request.path)?.[1] ?? '');
      return undefined;
    });
    await retrying.clock.advanceTo(START_MS + 2 * MINUTE_MS);
    const { claims } = await retrying.ledger.dueClaims('retry', 'my-project', retrying.clock.now(), 100);
    for (const claim of claims) await retrying.clock.run(carryOut(claim, retrying.span(), retrying.ports));
    expect(inserted(retrying)).toHaveLength(3);
    expect(new Set(looks)).toEqual(new Set(ids));
  });

  test('and runs more and more of them is told of once, after an hour', async () => {
    const retrying = await scheduled({ policies: LATE });
    for (let rounds = 0; rounds < 4; rounds++) {
      others(retrying, 2_100, retrying.clock.now() + 20 * MINUTE_MS - 5 * SECOND_MS);
      await retrying.pass(20 * MINUTE_MS, 20 * MINUTE_MS);
      if (rounds < 2) expect(retrying.told()).toEqual(['retry-scheduled']);
    }
    expect(inserted(retrying)).toEqual([]);
    expect(retrying.told()).toEqual(['retry-scheduled', 'observed not-compared']);
  });
});
