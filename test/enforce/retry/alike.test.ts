import { describe, expect, test } from 'vitest';
import { type Repeated, repeatByHand } from '../../../shared/enforce/repeat-by-hand.ts';
import { type NotRepeated, planRepeat } from '../../../shared/enforce/repeat-plan.ts';
import { carryOut } from '../../../shared/enforce/retry.ts';
import { portsOf } from './hand.ts';
import { mortal } from './mortal.ts';
import {
  etlPolicy,
  fail,
  failing,
  HOUR_MS,
  inserted,
  LEASE_MS,
  MINUTE_MS,
  nameOf,
  openRetrying,
  type Retrying,
  type RetryingOptions,
  SECOND_MS,
  START_MS,
} from './retrying.ts';

/** Jobs that are alike in all but their ids, have failed, and are to be run again. */
async function alike(ids: readonly string[], options: RetryingOptions = {}): Promise<Retrying> {
  const retrying = await openRetrying(options);
  for (const jobId of ids) {
    fail(retrying, { jobId });
    await retrying.answer(jobId);
  }
  return retrying;
}

/** Every answer of BigQuery takes a while. */
function slow({ simulator }: Retrying): void {
  simulator.setFaults(() => ({ kind: 'slow', ms: 300 }));
}

/** All that is due, at once, by one instance after the other. */
async function carryOutAtOnce(...instances: readonly [Retrying, ...Retrying[]]): Promise<void> {
  const [{ clock, ledger }] = instances;
  const { claims } = await ledger.dueClaims('retry', 'my-project', clock.now(), 1_000);
  const acts = claims.map((claim, index) => {
    const { ports, span } = instances[index % instances.length] ?? instances[0];
    return carryOut(claim, span(), ports);
  });
  await clock.run(Promise.all(acts));
}

const TEN = Array.from({ length: 10 }, (_, index) => `job_${index}`);

describe('jobs that are alike and fall due together', () => {
  test('are run again once, whichever instance has which', async () => {
    const one = await alike(TEN);
    const { clock, simulator, ledger } = one;
    const two = await openRetrying({ clock, simulator, ledger, holder: 'there' });
    slow(one);
    await clock.advanceTo(START_MS + 2 * MINUTE_MS);
    await carryOutAtOnce(one, two);
    expect(inserted(one)).toHaveLength(1);
    await one.pass(20 * MINUTE_MS);
    expect(inserted(one)).toHaveLength(1);
    const ends = TEN.map((jobId) => [...one.told(jobId), ...two.told(jobId)].at(-1));
    expect(ends.toSorted()).toEqual(['recovered', ...TEN.slice(1).map(() => 'recovered run-by-others')]);
  });

  test('are run again once though lists do not show yet what was inserted', async () => {
    const retrying = await alike(['a', 'b']);
    retrying.simulator.setLists({ stalenessMs: 5 * MINUTE_MS });
    await retrying.pass(HOUR_MS);
    expect(inserted(retrying)).toHaveLength(1);
    expect([retrying.told('a').at(-1), retrying.told('b').at(-1)].toSorted()).toEqual([
      'recovered',
      'recovered run-by-others',
    ]);
  });

  test('have each its turn while the others fail', async () => {
    const retrying = await alike(['a', 'b'], { lives: failing() });
    slow(retrying);
    await retrying.pass(3 * HOUR_MS);
    expect(inserted(retrying)).toHaveLength(6);
    expect([...retrying.told('a'), ...retrying.told('b')].filter((step) => /gave-up/.test(step))).toEqual([
      'gave-up attempts-used',
      'gave-up attempts-used',
    ]);
  });

  test('do not wait for one that is over and done with: a later failure is run again', async () => {
    const retrying = await alike(['a']);
    await retrying.pass(2 * MINUTE_MS);
    const now = retrying.clock.now();
    fail(retrying, { jobId: 'b', createdAtMs: now - 2 * SECOND_MS, runMs: SECOND_MS });
    await retrying.answer('b');
    await retrying.pass(5 * MINUTE_MS);
    expect(inserted(retrying)).toHaveLength(2);
    expect(retrying.told('b').at(-1)).toBe('recovered');
  });

  test.each(
    Array.from({ length: 25 }, (_, index) => index + 1).flatMap((nth) => [
      { nth, lateMin: 0 },
      { nth, lateMin: 9 },
    ]),
  )(
    'are run again once, whenever an instance dies that has one of them: at call $nth, lists $lateMin min late',
    async ({ nth, lateMin }) => {
      for (const heard of [false, true]) {
        const dying = mortal({ nth, heard });
        const one = await alike(['a']);
        const { clock, simulator, ledger } = one;
        simulator.setLists({ stalenessMs: lateMin * MINUTE_MS });
        const doomed = await openRetrying({ clock, simulator, ledger, through: dying.through });
        await clock.advanceTo(START_MS + 2 * MINUTE_MS);
        const claim = await one.claim(1, 'a');
        if (!claim) throw new Error('nothing is due');
        const act = carryOut(claim, doomed.span(), doomed.ports);
        await clock.run(Promise.race([act, dying.died]));
        fail(one, { jobId: 'b' });
        await one.answer('b');
        await one.pass(LEASE_MS + HOUR_MS);
        expect(inserted(one)).toHaveLength(1);
        expect((await one.claim(1, 'a'))?.state).toBe('ended');
        expect((await one.claim(1, 'b'))?.state).toBe('ended');
      }
    },
  );
});

describe('by hand', () => {
  async function byHand(retrying: Retrying, jobId: string): Promise<(Repeated | NotRepeated)['kind']> {
    const own = portsOf(retrying, `by-hand-${jobId}`);
    const wish = { name: nameOf(jobId), allowRepeatedWrites: false };
    const plan = await planRepeat(wish, retrying.span(), own);
    return plan.kind === 'planned' ? (await repeatByHand(plan, 'ada', retrying.span(), own)).kind : plan.kind;
  }

  test('two people who run jobs again that are alike make one job', async () => {
    const retrying = await openRetrying();
    for (const jobId of ['a', 'b']) fail(retrying, { jobId });
    slow(retrying);
    const kinds = await retrying.clock.run(Promise.all([byHand(retrying, 'a'), byHand(retrying, 'b')]));
    expect(inserted(retrying)).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'repeated')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'runs-again' || kind === 'ran-again')).toHaveLength(1);
  });

  test('and beside the function one is made, too', async () => {
    const retrying = await alike(['a'], { policies: etlPolicy() });
    fail(retrying, { jobId: 'b' });
    slow(retrying);
    await retrying.clock.advanceTo(START_MS + 2 * MINUTE_MS);
    await retrying.clock.run(Promise.all([carryOutAtOnce(retrying), byHand(retrying, 'b')]));
    await retrying.pass(20 * MINUTE_MS);
    expect(inserted(retrying)).toHaveLength(1);
    expect((await retrying.claim(1, 'a'))?.state).toBe('ended');
  });

  test('what nobody lets go of is not run again, and can be later', async () => {
    const retrying = await alike(['a']);
    const dying = mortal({ nth: 7, heard: true });
    const { clock, simulator, ledger } = retrying;
    const doomed = await openRetrying({ clock, simulator, ledger, through: dying.through });
    await clock.advanceTo(START_MS + 2 * MINUTE_MS);
    const claim = await retrying.claim(1, 'a');
    if (!claim) throw new Error('nothing is due');
    const act = carryOut(claim, doomed.span(), doomed.ports);
    await clock.run(Promise.race([act, dying.died]));
    expect(dying.calls().at(-1)).toBe('ledger.takeLease');
    fail(retrying, { jobId: 'b' });
    expect(await clock.run(byHand(retrying, 'b'))).toBe('alike-held');
    // A job that it inserted at the last moment would be seen by then.
    await clock.advanceTo(clock.now() + LEASE_MS + 90 * SECOND_MS);
    expect(await clock.run(byHand(retrying, 'b'))).toBe('repeated');
    expect(inserted(retrying)).toHaveLength(1);
  });
});
