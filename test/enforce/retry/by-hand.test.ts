import { describe, expect, test } from 'vitest';
import { type Repeated, repeatByHand } from '../../../shared/enforce/repeat-by-hand.ts';
import { planRepeat, type RepeatPlan, type RepeatPorts } from '../../../shared/enforce/repeat-plan.ts';
import type { WithoutPolicy } from '../../../shared/enforce/without-policy.ts';
import type { InsertedJob, InsertedLife } from '../../../simulator/state.ts';
import { portsOf } from './hand.ts';
import {
  alertsWith,
  attempt,
  BACKEND_ERROR,
  ETL,
  etlPolicy,
  fail,
  HOUR_MS,
  inserted,
  LEASE_MS,
  MINUTE_MS,
  nameOf,
  openRetrying,
  type Retrying,
  SECOND_MS,
} from './retrying.ts';

const NO_POLICY = etlPolicy().replace('etl-*@', 'other-*@');

/** By hand, waited for so long. */
async function repeated(retrying: Retrying, waitMs: number, ports = portsOf(retrying)): Promise<Repeated> {
  const { clock } = retrying;
  const plan = await clock.run(planned(retrying, ports));
  return clock.run(carriedOut(plan, waitMs, ports));
}

async function planned(retrying: Retrying, ports = portsOf(retrying)): Promise<RepeatPlan> {
  const wish = { name: nameOf('root'), allowRepeatedWrites: false };
  const plan = await planRepeat(wish, retrying.span(), ports);
  if (plan.kind !== 'planned') throw new Error(`expected a plan, but it is ${plan.kind}`);
  return plan;
}

function carriedOut(plan: RepeatPlan, waitMs: number, ports: WithoutPolicy<RepeatPorts>): Promise<Repeated> {
  const now = ports.clock.now();
  const span = { startedAtMs: now, horizonAtMs: now + waitMs, deadlineAtMs: now + waitMs + 2 * MINUTE_MS };
  return repeatByHand(plan, 'ada', span, ports);
}

/** The first attempts fail, so many of them. */
function failingFirst(attempts: number): (job: InsertedJob) => InsertedLife | undefined {
  const ids = Array.from({ length: attempts }, (_, index) => attempt(index + 1));
  return ({ jobId }) => (ids.includes(jobId) ? { error: BACKEND_ERROR } : undefined);
}

describe('what becomes of a job that was run again by hand', () => {
  test('and fails, a policy answers as any retry that fails', async () => {
    const retrying = await openRetrying({ lives: failingFirst(1) });
    fail(retrying);
    expect(await repeated(retrying, MINUTE_MS)).toMatchObject({
      kind: 'repeated',
      again: { error: { reason: 'backendError' } },
    });
    await retrying.pass(HOUR_MS);
    expect(inserted(retrying)).toEqual([1, 2].map((number) => `${attempt(number)} by ${ETL}`));
    expect(await retrying.claim(1)).toMatchObject({ policy: 'by-hand', state: 'ended', outcome: 'failed' });
    expect(await retrying.claim(2)).toMatchObject({ policy: 'etl', state: 'ended', outcome: 'recovered' });
  });

  test('and fails, without a policy, people are told of', async () => {
    const retrying = await openRetrying({ lives: failingFirst(9), policies: NO_POLICY });
    fail(retrying);
    await repeated(retrying, MINUTE_MS);
    await retrying.pass(HOUR_MS);
    expect(inserted(retrying)).toHaveLength(1);
    expect(retrying.told()).toEqual(['gave-up no-longer-wanted']);
    expect(alertsWith(retrying, 'gave-up')).toMatchObject([
      { sentence: 'ada has it run again by hand: no policy has it run again' },
    ]);
    expect(await retrying.claim(1)).toMatchObject({ state: 'ended', outcome: 'gave-up' });
  });

  test('and runs when nobody waits any more, a sweep sees', async () => {
    const retrying = await openRetrying({ lives: () => ({ runMs: 5 * MINUTE_MS }), policies: NO_POLICY });
    fail(retrying);
    expect(await repeated(retrying, SECOND_MS)).toMatchObject({ again: { name: nameOf(attempt(1)) } });
    await retrying.pass(HOUR_MS);
    expect(retrying.told()).toEqual(['recovered']);
    expect(alertsWith(retrying, 'recovered')).toMatchObject([
      { sentence: `ada has it run again by hand: it succeeded as ${attempt(1)}` },
    ]);
    expect(await retrying.claim(1)).toMatchObject({
      policy: 'by-hand',
      state: 'ended',
      outcome: 'recovered',
    });
  });

  test('counts with the attempts of the policy', async () => {
    const retrying = await openRetrying({ lives: failingFirst(9) });
    fail(retrying);
    await repeated(retrying, MINUTE_MS);
    await retrying.pass(2 * HOUR_MS);
    expect(inserted(retrying)).toHaveLength(3);
    expect(retrying.told().at(-1)).toBe('gave-up attempts-used');
  });
});

describe('beside a retry that is due', () => {
  test('it is made once, whoever comes first', async () => {
    const retrying = await openRetrying();
    fail(retrying);
    await retrying.answer();
    const ports = portsOf(retrying);
    const plan = await retrying.clock.run(planned(retrying, ports));
    await Promise.all([
      retrying.clock.run(carriedOut(plan, MINUTE_MS, ports)),
      retrying.pass(10 * MINUTE_MS),
    ]);
    expect(inserted(retrying)).toEqual([`${attempt(1)} by ${ETL}`]);
  });

  test('two people at once make one job, and both are told of it', async () => {
    const retrying = await openRetrying();
    fail(retrying);
    const [ada, ben] = [portsOf(retrying), portsOf(retrying, 'by-hand-2')];
    const plans = await retrying.clock.run(Promise.all([planned(retrying, ada), planned(retrying, ben)]));
    const [first, second] = await retrying.clock.run(
      Promise.all([carriedOut(plans[0], MINUTE_MS, ada), carriedOut(plans[1], MINUTE_MS, ben)]),
    );
    expect(inserted(retrying)).toEqual([`${attempt(1)} by ${ETL}`]);
    expect([first?.kind, second?.kind].sort()).toEqual(['changed', 'repeated']);
  });

  test('what was done after the plan was made is not done again', async () => {
    const retrying = await openRetrying();
    fail(retrying);
    const ports = portsOf(retrying);
    const plan = await retrying.clock.run(planned(retrying, ports));
    await retrying.answer();
    await retrying.pass(10 * MINUTE_MS);
    expect(await retrying.clock.run(carriedOut(plan, MINUTE_MS, ports))).toMatchObject({ kind: 'changed' });
    expect(inserted(retrying)).toHaveLength(1);
  });
});

describe('what a person could not do', () => {
  /** By hand, while nobody may act as the account; the watchdog hears of the failure meanwhile. */
  async function refusedByHand(policies: string): Promise<Retrying> {
    const retrying = await openRetrying({ policies });
    fail(retrying);
    const plan = await retrying.clock.run(planned(retrying));
    retrying.simulator.setWithheld([{ permissions: ['iam.serviceAccounts.getAccessToken'] }]);
    const ports = portsOf(retrying);
    const jobs = {
      ...ports.jobs,
      insert: async (...call: Parameters<typeof ports.jobs.insert>) => {
        await retrying.answer();
        return ports.jobs.insert(...call);
      },
    };
    expect(await retrying.clock.run(carriedOut(plan, MINUTE_MS, { ...ports, jobs }))).toMatchObject({
      kind: 'not-asked',
    });
    retrying.simulator.setWithheld([]);
    await retrying.pass(HOUR_MS);
    return retrying;
  }

  test('the watchdog does, if a policy answers the failure', async () => {
    const retrying = await refusedByHand(etlPolicy());
    expect(inserted(retrying)).toEqual([`${attempt(1)} by ${ETL}`]);
    expect(await retrying.claim(1)).toMatchObject({ policy: 'etl', state: 'ended', outcome: 'recovered' });
  });

  test('nobody does otherwise, and nobody is told', async () => {
    const retrying = await refusedByHand(NO_POLICY);
    expect(inserted(retrying)).toEqual([]);
    expect(retrying.told()).toEqual([]);
    expect(await retrying.claim(1)).toMatchObject({ state: 'void', outcome: 'not-asked' });
  });
});

/** Ports that answer so many calls, and then never again: whoever uses them is as good as dead. */
function dyingAfter(
  calls: number,
  ports: WithoutPolicy<RepeatPorts>,
): { ports: typeof ports; died: () => boolean } {
  let left = calls;
  const mortal = <T extends object>(object: T): T =>
    new Proxy(object, {
      get: (target, key, receiver) => {
        const value: unknown = Reflect.get(target, key, receiver);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) =>
          left-- > 0 ? value.apply(target, args) : new Promise(() => undefined);
      },
    });
  return {
    ports: { ...ports, jobs: mortal(ports.jobs), ledger: mortal({ ...ports.ledger }) },
    died: () => left < 0,
  };
}

test.each([
  { where: 'a retry is due', policies: etlPolicy(), isScheduled: true },
  { where: 'none is due yet', policies: etlPolicy(), isScheduled: false },
  { where: 'no policy has any made', policies: NO_POLICY, isScheduled: false },
])('who dies at any call, where $where, leaves one job at most, and a chain that ends', async (world) => {
  for (let calls = 0; ; calls++) {
    const retrying = await openRetrying({ policies: world.policies });
    fail(retrying);
    if (world.isScheduled) await retrying.answer();
    const plan = await retrying.clock.run(planned(retrying));
    const { ports, died } = dyingAfter(calls, portsOf(retrying));
    const acting = carriedOut(plan, MINUTE_MS, { ...ports, leaseMs: LEASE_MS });
    await retrying.pass(HOUR_MS);
    if (!died()) {
      await acting;
      expect(calls).toBeGreaterThan(5);
      return;
    }
    await retrying.answer();
    await retrying.pass(2 * HOUR_MS);
    const jobs = inserted(retrying);
    expect(new Set(jobs).size).toBe(jobs.length);
    expect(jobs.length).toBeLessThanOrEqual(1);
    const claim = await retrying.claim(1);
    expect([undefined, 'ended', 'void']).toContain(claim?.state);
    if (world.isScheduled) expect(jobs).toHaveLength(1);
  }
});
