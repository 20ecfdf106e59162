import { describe, expect, test } from 'vitest';
import type { Job } from '../../shared/job/job.ts';
import { judged, MINUTE_MS, NOW_MS, runningQuery, without } from './judging.ts';

const cancelBy = (limit: string): string => `- { name: p, limit: { ${limit} }, action: cancel }`;

describe('a limit allows its amount exactly, and is crossed by the next unit', () => {
  const cases: { name: string; limit: string; job: (used: number) => Job; amount: number }[] = [
    {
      name: 'runtime',
      limit: 'runtime: 30m',
      job: (used) => runningQuery({ startTimeMs: NOW_MS - used }),
      amount: 30 * MINUTE_MS,
    },
    {
      name: 'pending',
      limit: 'pending: 5m',
      job: (used) =>
        without(runningQuery({ state: 'PENDING', creationTimeMs: NOW_MS - used }), 'startTimeMs'),
      amount: 5 * MINUTE_MS,
    },
    {
      name: 'slot time',
      limit: 'slotTime: 10h',
      job: (used) => runningQuery({ slotMs: used }),
      amount: 10 * 60 * MINUTE_MS,
    },
    {
      name: 'estimated bytes',
      limit: 'estimatedBytes: 1 TiB',
      job: (used) => runningQuery({ estimatedBytes: used }),
      amount: 1024 ** 4,
    },
  ];
  test.each(cases)('$name', ({ limit, job, amount }) => {
    expect(judged(cancelBy(limit), job(amount - 1)).act).toBeUndefined();
    expect(judged(cancelBy(limit), job(amount)).act).toBeUndefined();
    const { act, findings } = judged(cancelBy(limit), job(amount + 1));
    expect(act).toEqual({ verb: 'cancel', policy: 'p' });
    expect(findings[0]?.measured).toMatchObject({ value: amount + 1, allowed: amount });
  });
});

describe('a warning comes at its part of the limit', () => {
  const policy = '- { name: p, limit: { runtime: 10m, warnAt: 80% }, action: cancel }';
  const at = (usedMs: number) => judged(policy, runningQuery({ startTimeMs: NOW_MS - usedMs }));

  test('not a millisecond before', () => {
    expect(at(8 * MINUTE_MS - 1).findings).toEqual([]);
    expect(at(8 * MINUTE_MS - 1).recheckAtMs).toBe(NOW_MS + 1);
  });
  test('at it, and then the limit is what comes next', () => {
    const { findings, act, recheckAtMs } = at(8 * MINUTE_MS);
    expect(findings.map(({ degree }) => degree)).toEqual(['warned']);
    expect(act).toBeUndefined();
    expect(recheckAtMs).toBe(NOW_MS + 2 * MINUTE_MS + 1);
  });
  test('no longer once the limit is crossed', () => {
    expect(at(10 * MINUTE_MS + 1).findings.map(({ degree }) => degree)).toEqual(['crossed']);
  });
});

describe('the verdict says when it would change', () => {
  test('the millisecond after the limit, for what time alone moves', () => {
    const { recheckAtMs } = judged(cancelBy('runtime: 30m'), runningQuery());
    expect(recheckAtMs).toBe(NOW_MS + 20 * MINUTE_MS + 1);
    expect(
      judged(cancelBy('runtime: 30m'), runningQuery(), { nowMs: NOW_MS + 20 * MINUTE_MS }).act,
    ).toBeUndefined();
    expect(judged(cancelBy('runtime: 30m'), runningQuery(), { nowMs: recheckAtMs ?? 0 }).act).toBeDefined();
  });
  test('at the rate so far, for what grows with use', () => {
    const job = runningQuery({ startTimeMs: NOW_MS - 10 * MINUTE_MS, slotMs: 4 * 60 * MINUTE_MS });
    expect(judged(cancelBy('slotTime: 10h'), job).recheckAtMs).toBe(NOW_MS + 15 * MINUTE_MS + 1);
  });
  test('a millisecond later, for what has grown up to the limit', () => {
    const job = runningQuery({ startTimeMs: NOW_MS - 10 * MINUTE_MS, slotMs: 10 * 60 * MINUTE_MS });
    expect(judged(cancelBy('slotTime: 10h'), job).recheckAtMs).toBe(NOW_MS + 1);
  });
  test('which is certain only of what time alone moves', () => {
    const job = runningQuery({ startTimeMs: NOW_MS - 10 * MINUTE_MS, slotMs: 4 * 60 * MINUTE_MS });
    expect(judged(cancelBy('slotTime: 10h'), job).certainAtMs).toBeUndefined();
    const both = `${cancelBy('slotTime: 10h')}\n- { name: q, limit: { runtime: 30m }, action: alert }`;
    expect(judged(both, job)).toMatchObject({
      recheckAtMs: NOW_MS + 15 * MINUTE_MS + 1,
      certainAtMs: NOW_MS + 20 * MINUTE_MS + 1,
    });
  });
  test('never, for what has used nothing yet', () => {
    expect(judged(cancelBy('slotTime: 10h'), runningQuery({ slotMs: 0 })).recheckAtMs).toBeUndefined();
  });
  test('the earliest of several limits and policies', () => {
    const policies = `${cancelBy('runtime: 30m')}\n- { name: q, limit: { runtime: 15m }, action: alert }`;
    expect(judged(policies, runningQuery()).recheckAtMs).toBe(NOW_MS + 5 * MINUTE_MS + 1);
  });
});

test('any one limit of a policy is enough, and the first in the file is the one told', () => {
  const { findings } = judged(cancelBy('slotTime: 1h, runtime: 5m'), runningQuery());
  expect(findings.map(({ measured }) => measured?.limit)).toEqual(['runtime']);
});

test('a policy without limits fires on its match alone', () => {
  const policy = '- { name: no-batch, match: { priority: BATCH }, action: alert }';
  const { findings } = judged(policy, runningQuery({ priority: 'BATCH' }));
  expect(findings.map(({ sentence }) => sentence)).toEqual(['is of a kind that no-batch does not allow']);
});

test('a finding is a sentence for a person', () => {
  const { findings } = judged(
    '- { name: interactive-runtime, limit: { runtime: 30m }, action: cancel }',
    runningQuery({ startTimeMs: NOW_MS - 42 * MINUTE_MS }),
  );
  expect(findings[0]?.sentence).toBe('has run 42 min of at most 30 min allowed by interactive-runtime');
});

test('nothing is found of a job that is DONE', () => {
  const policies = `${cancelBy('runtime: 1m')}\n- { name: q, match: { jobTypes: QUERY }, action: alert }`;
  const { findings, act, recheckAtMs } = judged(policies, runningQuery({ state: 'DONE', endTimeMs: NOW_MS }));
  expect({ findings, act, recheckAtMs }).toEqual({ findings: [], act: undefined, recheckAtMs: undefined });
});

describe('what is lacking', () => {
  const policy = cancelBy('slotTime: 10h');
  const lacking = without(runningQuery(), 'slotMs');

  test('is asked of jobs.get where the job only nominates', () => {
    expect(judged(policy, lacking, { looked: false }).needs).toEqual(['slotMs']);
  });
  test('is not asked for a job that the match leaves out', () => {
    const other = '- { name: p, match: { priority: BATCH }, limit: { slotTime: 10h }, action: cancel }';
    expect(judged(other, lacking, { looked: false }).needs).toEqual([]);
  });
  test('of the match is not asked while no limit is near', () => {
    const reserved = '- { name: p, match: { reservations: ["*"] }, limit: { runtime: 30m }, action: cancel }';
    const unknown = without(runningQuery(), 'reservation');
    expect(judged(reserved, unknown, { looked: false })).toMatchObject({
      needs: [],
      recheckAtMs: NOW_MS + 20 * MINUTE_MS + 1,
    });
    const late = { looked: false, nowMs: NOW_MS + 21 * MINUTE_MS };
    expect(judged(reserved, unknown, late).needs).toEqual(['reservation']);
  });

  const second = 1_000;
  test.each([
    { lacked: [], again: 5 * second },
    { lacked: [NOW_MS - 5 * second], again: 15 * second },
    { lacked: [NOW_MS - 20 * second, NOW_MS - 15 * second], again: 45 * second },
  ])('is looked for again $again ms after $lacked.length looks without it', ({ lacked, again }) => {
    const { recheckAtMs, needs, undecided, act } = judged(policy, lacking, { lackedAtMs: lacked });
    expect({ recheckAtMs, needs, undecided, act }).toEqual({
      recheckAtMs: NOW_MS + again,
      needs: ['slotMs'],
      undecided: [],
      act: undefined,
    });
  });
  test('is given up after the fourth look, and the policy undecided', () => {
    const lackedAtMs = [65, 60, 45].map((seconds) => NOW_MS - seconds * second);
    const { undecided, act, recheckAtMs } = judged(policy, lacking, { lackedAtMs });
    expect(undecided).toEqual([{ policy: 'p', action: 'cancel', mode: 'enforce', fields: ['slotMs'] }]);
    expect({ act, recheckAtMs }).toEqual({ act: undefined, recheckAtMs: undefined });
  });
  test('does not count twice when the second look comes early', () => {
    const lackedAtMs = [NOW_MS - 2 * second];
    expect(judged(policy, lacking, { lackedAtMs })).toMatchObject({
      needs: [],
      recheckAtMs: NOW_MS + 3 * second,
    });
  });
  test('of a pending job is never undecided, and counted anew once it has started', () => {
    const estimate = cancelBy('estimatedBytes: 1 TiB');
    const lackedAtMs = [65, 60, 45].map((seconds) => NOW_MS - seconds * second);
    const pending = without(runningQuery({ state: 'PENDING' }), 'estimatedBytes', 'startTimeMs');
    expect(judged(estimate, pending, { lackedAtMs })).toMatchObject({ undecided: [], needs: [] });
    const started = without(runningQuery({ startTimeMs: NOW_MS - 1_000 }), 'estimatedBytes');
    expect(judged(estimate, started, { lackedAtMs })).toMatchObject({
      undecided: [],
      recheckAtMs: NOW_MS + 5 * second,
    });
  });
  test('keeps nobody from acting on another limit that is crossed', () => {
    expect(judged(cancelBy('slotTime: 10h, runtime: 5m'), lacking).act).toBeDefined();
  });
});
