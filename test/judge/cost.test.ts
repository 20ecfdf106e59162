import { describe, expect, test } from 'vitest';
import type { Job } from '../../shared/job/job.ts';
import { judged, MINUTE_MS, NOW_MS, runningQuery, without } from './judging.ts';

const TIB = 1024 ** 4;
const HOUR_MS = 60 * MINUTE_MS;

const onDemand = (changes: Partial<Job> = {}) => runningQuery({ estimatedBytes: 80 * TIB, ...changes });
const onSlots = (slotMs: number) => runningQuery({ reservation: 'p:US.etl', edition: 'ENTERPRISE', slotMs });

const bySpending = '- { name: p, limit: { cost: 50 USD }, action: cancel }';
const byEstimate = '- { name: p, limit: { cost: 50 USD, basis: estimate, warnAt: 80% }, action: cancel }';

describe('a limit of cost', () => {
  test('cancels what has used slots above it, and allows it exactly', () => {
    const atLimit = (50 / 0.06) * HOUR_MS;
    expect(judged(bySpending, onSlots(Math.floor(atLimit))).act).toBeUndefined();
    expect(judged(bySpending, onSlots(Math.ceil(atLimit) + 1)).act).toEqual({ verb: 'cancel', policy: 'p' });
  });

  test('says what was spent, in dollars', () => {
    const [finding] = judged(bySpending, onSlots(1000 * HOUR_MS)).findings;
    expect(finding?.sentence).toBe('has cost 60 USD of at most 50 USD allowed by p');
    expect(finding?.measured).toEqual({ limit: 'cost', unit: 'usd', value: 60, allowed: 50 });
  });

  test('never cancels a query on demand without basis: estimate', () => {
    const { act, findings, needs, undecided } = judged(bySpending, onDemand({ bytesProcessed: 80 * TIB }));
    expect({ act, findings, needs, undecided }).toEqual({
      act: undefined,
      findings: [],
      needs: [],
      undecided: [],
    });
  });

  test('with it says "up to", what a cancel may still cost, and what would have been free', () => {
    const [finding] = judged(byEstimate, onDemand()).findings;
    expect(finding?.sentence).toBe(
      'is estimated to cost up to 500 USD of at most 50 USD allowed by p' +
        '; up to 500 USD may be billed all the same' +
        '; a maximumBytesBilled of 8796093022208 (8 TiB) would have refused it free of charge',
    );
    expect(finding?.measured).toMatchObject({ value: 500, allowed: 50, basis: 'estimate' });
  });

  test('tells one estimate by one number, rounded up', () => {
    const [finding] = judged(byEstimate, onDemand({ estimatedBytes: Math.ceil(15.4965 * TIB) })).findings;
    expect(finding?.sentence).toContain(
      'up to 96.86 USD of at most 50 USD allowed by p; up to 96.86 USD may be',
    );
  });

  test('allows an estimate of exactly its amount, and the next megabyte crosses it', () => {
    expect(judged(byEstimate, onDemand({ estimatedBytes: 8 * TIB })).act).toBeUndefined();
    expect(judged(byEstimate, onDemand({ estimatedBytes: 8 * TIB + 1 })).act).toBeDefined();
  });

  test('warns from its part on, of cents too', () => {
    const degrees = (estimatedBytes: number, limit: string) =>
      judged(
        `- { name: p, limit: { ${limit}, basis: estimate, warnAt: 80% }, action: cancel }`,
        onDemand({ estimatedBytes }),
      ).findings.map(({ degree }) => degree);
    expect(degrees(6.4 * TIB, 'cost: 50 USD')).toEqual(['warned']);
    expect(degrees(6.3 * TIB, 'cost: 50 USD')).toEqual([]);
    expect(degrees(0.07 * TIB, 'cost: 0.5 USD')).toEqual(['warned']);
    expect(degrees(0.06 * TIB, 'cost: 0.5 USD')).toEqual([]);
  });
});

test('a warning recommends no cap: the query would not have been refused', () => {
  const [finding] = judged(byEstimate, onDemand({ estimatedBytes: 7 * TIB })).findings;
  expect(finding?.sentence).toBe('is estimated to cost up to 43.75 USD of at most 50 USD allowed by p');
});

describe('a start wants one look, and only where it can matter', () => {
  const start = without(
    runningQuery({ state: 'PENDING' }),
    'startTimeMs',
    'reservation',
    'edition',
    'estimatedBytes',
    'slotMs',
  );
  test.each([
    ['by estimate', byEstimate, start, ['reservation', 'estimatedBytes']],
    ['by spending', bySpending, start, []],
    ['by estimate, of a load', byEstimate, { ...start, type: 'LOAD', statementType: null }, []],
    ['by estimate, of a script', byEstimate, { ...start, statementType: 'SCRIPT' }, []],
    [
      'by estimate, of somebody else',
      byEstimate.replace('limit', 'match: { principals: "b@*" }, limit'),
      start,
      [],
    ],
  ] as const)('%s', (_name, policy, job, needs) => {
    expect(judged(policy, job, { looked: false }).needs).toEqual(needs);
  });
});

describe('an item of a list that does not tell its model', () => {
  const item = (slotMs: number) =>
    without(runningQuery({ slotMs, estimatedBytes: TIB }), 'reservation', 'edition');

  test('is looked at once the dearest edition would bring it above the limit', () => {
    expect(judged(bySpending, item(500 * HOUR_MS), { looked: false }).needs).toEqual([]);
    expect(judged(bySpending, item(500 * HOUR_MS + 1), { looked: false }).needs).toEqual(['reservation']);
  });

  test('or to the part at which people are warned', () => {
    expect(judged(byEstimate, item(400 * HOUR_MS - 1), { looked: false }).needs).toEqual([]);
    expect(judged(byEstimate, item(400 * HOUR_MS), { looked: false }).needs).toEqual(['reservation']);
  });
});

describe('what else is told of a query on demand', () => {
  const more = (limit: string, action: string, job: Job) =>
    judged(`- { name: p, limit: { ${limit} }, action: ${action} }`, job).findings[0]?.sentence.split(
      ' allowed by p',
    )[1];

  test.each([
    [
      'that a cancel may still cost, whichever limit asks for it',
      'runtime: 5m',
      'cancel',
      onDemand(),
      '; up to 500 USD may be billed all the same',
    ],
    ['nothing of a cancel where none is asked for', 'runtime: 5m', 'alert', onDemand(), ''],
    ['nothing of less than a cent', 'runtime: 5m', 'cancel', onDemand({ estimatedBytes: TIB / 1000 }), ''],
    ['nothing of a job on slots', 'runtime: 5m', 'cancel', onSlots(1), ''],
    [
      'the cap in bytes that is the limit itself',
      'estimatedBytes: 10 TiB',
      'alert',
      onDemand(),
      '; a maximumBytesBilled of 10995116277760 (10 TiB) would have refused it free of charge',
    ],
    [
      'an upper bound in cents, rounded up',
      'runtime: 5m',
      'cancel',
      onDemand({ estimatedBytes: TIB * 1.0001 }),
      '; up to 6.26 USD may be billed all the same',
    ],
  ] as const)('%s', (_name, limit, action, job, expected) => {
    expect(more(limit, action, job)).toBe(expected);
  });
});

test('a projection is told as one, and nothing is cancelled', () => {
  const policy = '- { name: p, limit: { projectedCost: 50 USD }, action: alert }';
  const job = { ...onSlots(200 * HOUR_MS), startTimeMs: NOW_MS + 1_000 - 10 * MINUTE_MS };
  const { findings, act } = judged(policy, job);
  expect(act).toBeUndefined();
  expect(findings[0]?.sentence).toBe(
    'will have cost 84 USD in an hour at its present rate, of at most 50 USD allowed by p',
  );
  expect(findings[0]?.measured).toMatchObject({ value: 84, basis: 'projection' });
});

test('average slots are told in slots', () => {
  const [finding] = judged('- { name: p, limit: { averageSlots: 500 }, action: cancel }', {
    ...onSlots(100 * HOUR_MS),
    startTimeMs: NOW_MS + 1_000 - 10 * MINUTE_MS,
  }).findings;
  expect(finding?.sentence).toBe('has used 600 slots on average of at most 500 slots allowed by p');
});
