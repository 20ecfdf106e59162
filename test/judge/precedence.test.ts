import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judged, MINUTE_MS, NOW_MS, runningQuery } from './judging.ts';

const warned = '- { name: warned, limit: { runtime: 12m, warnAt: 50% }, action: cancel }';
const alerted = '- { name: alerted, limit: { runtime: 5m }, action: alert }';
const observed = '- { name: observed, mode: observe, limit: { runtime: 5m }, action: cancel }';
const cancelled = '- { name: cancelled, limit: { runtime: 5m }, action: cancel }';
const cancelledToo = '- { name: cancelled-too, limit: { runtime: 6m }, action: cancel }';

const all = [warned, alerted, observed, cancelled];

test('the severest comes first, whatever the order of the file, and only it acts', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (policies) => {
      const { findings, act } = judged(policies.join('\n'), runningQuery());
      expect(findings.map(({ policy }) => policy)).toEqual(['cancelled', 'observed', 'alerted', 'warned']);
      expect(act?.policy).toBe('cancelled');
    }),
  );
});

test('of equals the first in the file wins', () => {
  expect(judged(`${cancelled}\n${cancelledToo}`, runningQuery()).act?.policy).toBe('cancelled');
  expect(judged(`${cancelledToo}\n${cancelled}`, runningQuery()).act?.policy).toBe('cancelled-too');
});

describe('a copy job cannot be stopped (rule 7)', () => {
  test('so nothing is done, and the finding says so', () => {
    const { findings, act } = judged(
      cancelled,
      runningQuery({ type: 'COPY', startTimeMs: NOW_MS - 10 * MINUTE_MS }),
    );
    expect(act).toBeUndefined();
    expect(findings).toMatchObject([
      { cannot: 'copy-job', sentence: expect.stringContaining('cannot be stopped') },
    ]);
  });
});

test('the mode of the file is observe when it names none, and a policy may differ either way', () => {
  const observing = '- { name: p, mode: observe, limit: { runtime: 5m }, action: cancel }';
  expect(judged(observing, runningQuery())).toMatchObject({ findings: [{ mode: 'observe' }] });
  expect(judged(observing, runningQuery()).act).toBeUndefined();
});

test('a verdict is the same for the same arguments', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40 }), fc.boolean(), (minutes, looked) => {
      const job = runningQuery({ startTimeMs: NOW_MS - minutes * MINUTE_MS });
      const policies = all.join('\n');
      expect(judged(policies, job, { looked })).toEqual(judged(policies, job, { looked }));
    }),
  );
});
