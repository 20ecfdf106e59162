import { describe, expect, test } from 'vitest';
import type { FaultRule } from '../../../simulator/fault-rules.ts';
import {
  asked,
  childOf,
  deleted,
  end,
  HOUR_MS,
  holding,
  MINUTE_MS,
  nameOf,
  openPurging,
  type Purging,
  purgePolicy,
  SECOND_MS,
  START_MS,
  scheduled,
} from './purging.ts';

const DUE_MS = 15 * MINUTE_MS;

/** A job that is due, and what goes wrong from now on. */
async function due(rules: readonly FaultRule[] = [], more = {}): Promise<Purging> {
  const purging = await scheduled({}, more);
  await purging.clock.advanceTo(purging.clock.now() + DUE_MS);
  purging.simulator.applyFaultSettings({ rules: [...rules] });
  return purging;
}

const onDelete = (fault: FaultRule['fault'], more = {}): FaultRule => ({
  methods: ['delete'],
  fault,
  ...more,
});

describe('a delete that was done, whatever was answered, is seen and certified', () => {
  test.each<[string, FaultRule['fault']]>([
    ['a broken connection', { kind: 'lost', answer: 'reset' }],
    ['a 503', { kind: 'lost', answer: 'unavailable' }],
    ['silence', { kind: 'lost', answer: 'silent' }],
    ['half an answer', { kind: 'malformed' }],
    ['an answer that takes a while', { kind: 'slow', ms: 15 * SECOND_MS }],
  ])('%s', async (_, fault) => {
    const purging = await due([onDelete(fault)]);
    expect(await purging.carryOut()).toMatchObject({ kind: 'purged' });
    expect(asked(purging)).toBe(1);
    expect(purging.told()).toEqual(['purging', 'purged']);
  });

  test('long after nobody wanted it any more', async () => {
    const purging = await due([onDelete({ kind: 'unavailable' })]);
    await purging.carryOut();
    purging.setPolicies(purgePolicy().replace('*@example.com', 'nobody'));
    await purging.pass(3 * HOUR_MS);
    expect(purging.told()).not.toContain('purged');
    purging.simulator.applyFaultSettings({ rules: [] });
    await purging.clock.run(purging.ports.jobs.delete(nameOf('job'), purging.span()));
    await purging.pass(2 * HOUR_MS);
    expect(purging.told().at(-1)).toBe('purged');
    expect(await purging.ledger.certificateOf(nameOf('job'))).toMatchObject({ policy: 'secrets' });
  });

  test('a 404, for somebody else deleted it in between', async () => {
    const purging = await due();
    const { holds, jobs } = purging.ports;
    const read = holds.latest.bind(holds);
    let reads = 0;
    holds.latest = async () => {
      if (++reads === 2) await jobs.delete(nameOf('job'), purging.span());
      return read();
    };
    expect(await purging.carryOut()).toMatchObject({ kind: 'purged' });
    expect(await purging.ledger.certificateOf(nameOf('job'))).toMatchObject({ children: [] });
  });

  test('though the job still answers for a moment, and is asked for once', async () => {
    const lingers = { kind: 'lingers', getsMs: 20 * SECOND_MS, listsMs: 20 * SECOND_MS } as const;
    const purging = await due([onDelete(lingers)], { children: [{}] });
    const child = childOf(purging);
    const deletedAtMs = purging.clock.now();
    expect(await purging.carryOut()).toMatchObject({ kind: 'purged' });
    expect(asked(purging)).toBe(1);
    const certificate = await purging.ledger.certificateOf(nameOf('job'));
    expect(certificate).toMatchObject({ children: [child] });
    expect(certificate?.verifiedAtMs).toBeGreaterThanOrEqual(deletedAtMs + 20 * SECOND_MS);
  });
});

describe('a job that is gone, and not by us,', () => {
  test('is told of, and is not certified', async () => {
    const purging = await due();
    await purging.clock.run(purging.ports.jobs.delete(nameOf('job'), purging.span()));
    expect(await purging.carryOut()).toEqual({ kind: 'not-found' });
    expect(purging.told()).toEqual(['not-found']);
    expect(await purging.ledger.certificateOf(nameOf('job'))).toBeUndefined();
    expect(await purging.claim()).toMatchObject({ state: 'void', outcome: 'not-found' });
  });

  test('is not certified either where the location is wrong', async () => {
    const purging = await due();
    const found = await purging.claim();
    if (!found?.purge) throw new Error('there is no claim');
    const { purge, policy, finding, holder } = found;
    const job = { ...nameOf('job'), location: 'EU' };
    const dueAtMs = purging.clock.now();
    await purging.ledger.schedule(
      { job, verb: 'purge', attempt: 1, policy, finding, holder, purge, dueAtMs },
      [],
    );
    await purging.pass(MINUTE_MS);
    expect((await purging.ledger.claim(job, 'purge', 1))?.claim).toMatchObject({ outcome: 'not-found' });
    expect(await purging.ledger.certificateOf(job)).toBeUndefined();
  });
});

describe('a delete that is refused', () => {
  test('for a permission that is missing is told, tried again, and done once that is granted', async () => {
    const purging = await due();
    purging.simulator.setWithheld([{ permissions: ['bigquery.jobs.delete'] }]);
    expect(await purging.carryOut()).toMatchObject({ kind: 'kept-back', by: 'permission-missing' });
    expect(purging.told()).toEqual(['could-not-purge permission-missing']);
    expect(purging.alerts.map(({ type }) => type)).toContain('bigquery-watchdog.permission.missing.v1');
    expect(await purging.claim()).toMatchObject({ state: 'claimed', askedAtMs: [] });
    purging.simulator.setWithheld();
    await purging.pass(6 * MINUTE_MS);
    expect(deleted(purging)).toEqual(['job']);
    expect(purging.told()).toEqual(['could-not-purge permission-missing', 'purging', 'purged']);
  });

  test('gives its slot back', async () => {
    const purging = await due();
    purging.setPolicies(purgePolicy('breaker: { acts: 1, per: 24h }'));
    purging.simulator.setWithheld([{ permissions: ['bigquery.jobs.delete'] }]);
    await purging.carryOut();
    purging.simulator.setWithheld();
    end(purging, { jobId: 'other' });
    await purging.follow('other');
    expect(await purging.carryOut('other')).toMatchObject({ kind: 'purged' });
  });

  test('as busy is told when it is so again, and goes on', async () => {
    const purging = await due([onDelete({ kind: 'rateLimitExceeded' }, { times: 3 })]);
    await purging.carryOut();
    expect(purging.told()).toEqual([]);
    await purging.pass(MINUTE_MS, 30 * SECOND_MS);
    expect(purging.told()).toEqual(['could-not-purge request-failed']);
    await purging.pass(2 * MINUTE_MS, 30 * SECOND_MS);
    expect(deleted(purging)).toEqual(['job']);
  });
});

describe('a delete that is never done', () => {
  test.each<[string, FaultRule['fault']]>([
    ['is answered with a 503', { kind: 'unavailable' }],
    ['is not answered', { kind: 'silent' }],
  ])('and %s is asked for again and again, and told', async (_, fault) => {
    const purging = await due([onDelete(fault)]);
    await purging.pass(HOUR_MS);
    expect(purging.told()).toEqual(['purging', 'could-not-purge asked-and-still-there']);
    expect(asked(purging)).toBeGreaterThan(5);
    expect(asked(purging)).toBeLessThan(20);
    purging.simulator.applyFaultSettings({});
    await purging.pass(10 * MINUTE_MS);
    expect(deleted(purging)).toEqual(['job']);
    expect(purging.told()).toEqual(['purging', 'could-not-purge asked-and-still-there', 'purged']);
  });

  test('is not asked for again once the job is on hold', async () => {
    const purging = await due([onDelete({ kind: 'unavailable' })]);
    await purging.carryOut();
    const before = asked(purging);
    purging.setHolds(
      'version: 1\nholds: [{ id: case-1, reason: no, until: indefinite, match: { projects: [my-project] } }]\n',
    );
    await purging.pass(HOUR_MS);
    expect(asked(purging)).toBe(before);
    expect(await purging.claim()).toMatchObject({ state: 'asked', purge: { heldBy: 'held' } });
  });
});

describe('a delete whose turn comes long after the look', () => {
  async function late(happen: (purging: Purging) => unknown = () => undefined): Promise<Purging> {
    const purging = await due();
    const { clock, ports } = purging;
    const send = ports.jobs.delete.bind(ports.jobs);
    ports.jobs.delete = async (name, options) => {
      await clock.sleep(31 * SECOND_MS);
      await happen(purging);
      return send(name, options);
    };
    return purging;
  }

  test('is sent when the job is still the one that was looked at', async () => {
    const purging = await late();
    expect(await purging.carryOut()).toMatchObject({ kind: 'purged' });
  });

  test('is not sent when its id is that of another job by then, which is judged by itself', async () => {
    const purging = await late(async ({ clock, ports, simulator, span }) => {
      if (simulator.deleted.length > 0) return;
      const path = '/bigquery/v2/projects/my-project/jobs/job/delete?location=US';
      await simulator.handle({ method: 'DELETE', path, headers: {} });
      end({ simulator }, { createdAtMs: clock.now() - 5 * SECOND_MS, runMs: SECOND_MS });
      expect((await ports.jobs.get(nameOf('job'), span())).job.state).toBe('DONE');
    });
    expect(await purging.carryOut()).toEqual({ kind: 'left' });
    expect(asked(purging)).toBe(0);
    expect(deleted(purging)).toEqual(['job']);
  });
});

test('a family whose look takes longer than a look is good for is purged', async () => {
  const purging = await due([], {
    children: Array.from({ length: 400 }, () => ({ runMs: 10 })),
    createdAtMs: START_MS - HOUR_MS,
    runMs: 4_000,
  });
  purging.simulator.setFaults(({ method }) => (method === 'get' ? { kind: 'slow', ms: 1_000 } : undefined));
  const { clock } = purging;
  const startedAtMs = clock.now();
  const certificate = { children: { length: 400 } };
  expect(await purging.carryOut()).toMatchObject({ kind: 'purged', certificate });
  expect(clock.now() - startedAtMs).toBeGreaterThan(60 * SECOND_MS);
});

describe('the id of a job, used again before the delete is recorded', () => {
  test('does not hide that it is gone: it is certified, and the other job stays', async () => {
    const purging = await due();
    const { clock, ledger, simulator } = purging;
    const advance = ledger.advance.bind(ledger);
    ledger.advance = (...args) => {
      if (deleted(purging).length > 0) throw new Error('crashed');
      return advance(...args);
    };
    await expect(purging.carryOut()).rejects.toThrow('crashed');
    ledger.advance = advance;
    end({ simulator }, { principal: 'bob@elsewhere.com', createdAtMs: clock.now() + SECOND_MS });
    await purging.pass(10 * MINUTE_MS);
    expect(purging.told()).toEqual(['purging', 'purged']);
    expect(await ledger.certificateOf(nameOf('job'))).toBeDefined();
    expect(deleted(purging)).toEqual(['job']);
  });
});

describe('children', () => {
  const CHILDREN = { children: [{ query: 'SELECT 1' }] };

  test('go with their parent, whoever of them is heard of, and are certified', async () => {
    const purging = await due([], CHILDREN);
    const child = childOf(purging);
    expect(await purging.follow(child)).toMatchObject({ kind: 'scheduled', claim: { job: nameOf('job') } });
    expect(await purging.carryOut()).toMatchObject({ kind: 'purged', certificate: { children: [child] } });
    expect(deleted(purging)).toEqual(['job', child]);
    expect(await purging.ledger.claim(nameOf(child), 'purge', 1)).toBeUndefined();
  });

  test('that answer still keep it from being certified, and people are told', async () => {
    const purging = await due([], CHILDREN);
    const { jobs } = purging.ports;
    const id = childOf(purging);
    const child = await purging.clock.run(jobs.getWhole(nameOf(id), purging.span()));
    const get = jobs.get.bind(jobs);
    jobs.get = async (name, options) => (name.jobId === id ? child : get(name, options));
    expect(await purging.carryOut()).toEqual({ kind: 'asked' });
    await purging.pass(HOUR_MS);
    expect(asked(purging)).toBe(1);
    expect(purging.told()).toEqual(['purging', 'could-not-purge asked-and-still-there']);
    expect(await purging.ledger.certificateOf(nameOf('job'))).toBeUndefined();
    jobs.get = get;
    await purging.pass(6 * MINUTE_MS);
    expect(await purging.claim()).toMatchObject({ state: 'ended', outcome: 'purged' });
  });

  test('that no list shows yet are waited for, so that a hold on them counts', async () => {
    const soon = purgePolicy().replace('after: 15m', 'after: 0s');
    const purging = await openPurging({ policies: soon });
    const listed = purging.ports.jobs.list.bind(purging.ports.jobs);
    end(purging, CHILDREN);
    purging.ports.jobs.list = async function* () {
      yield { jobs: [], brokenItems: [], unreachable: [], isLast: true };
    };
    purging.setHolds(holding(childOf(purging)));
    await purging.follow();
    await purging.pass(3 * MINUTE_MS);
    expect(asked(purging)).toBe(0);
    purging.ports.jobs.list = listed;
    await purging.pass(MINUTE_MS);
    expect(await purging.claim()).toMatchObject({ purge: { heldBy: 'held' } });
    purging.setHolds('version: 1\nholds: []\n');
    await purging.pass(HOUR_MS);
    expect(deleted(purging)).toHaveLength(2);
  });

  test('that a list shows only after the delete must be gone, too', async () => {
    const purging = await due([], CHILDREN);
    const { jobs } = purging.ports;
    const [list, getWhole] = [jobs.list.bind(jobs), jobs.getWhole.bind(jobs)];
    const late = await purging.clock.run(getWhole(nameOf(childOf(purging)), purging.span()));
    const name = nameOf('late');
    const job = { ...late.job, name };
    jobs.list = async function* (query, options) {
      yield* list(query, options);
      if (asked(purging) > 0) yield { jobs: [job], brokenItems: [], unreachable: [], isLast: true };
    };
    jobs.getWhole = async (named, options) =>
      named.jobId === 'late' ? { ...late, job } : getWhole(named, options);
    expect(await purging.carryOut()).toEqual({ kind: 'asked' });
    jobs.getWhole = getWhole;
    await purging.pass(6 * MINUTE_MS);
    expect(await purging.claim()).toMatchObject({ state: 'ended', outcome: 'purged' });
  });

  test('of which one runs still are waited for', async () => {
    const purging = await due([], CHILDREN);
    const getWhole = purging.ports.jobs.getWhole.bind(purging.ports.jobs);
    const id = childOf(purging);
    purging.ports.jobs.getWhole = async (name, options) => {
      const look = await getWhole(name, options);
      return name.jobId === id ? { ...look, job: { ...look.job, state: 'RUNNING' } } : look;
    };
    await purging.pass(5 * MINUTE_MS);
    expect(asked(purging)).toBe(0);
    purging.ports.jobs.getWhole = getWhole;
    await purging.pass(2 * MINUTE_MS);
    expect(deleted(purging)).toHaveLength(2);
  });
});
