import { describe, expect, test } from 'vitest';
import type { HistoryMark } from '../../shared/ledger/ledger.ts';
import { estimatedEndAtMs, planWalk } from '../../shared/watch/history-plan.ts';
import { KEPT_MS, wholeHistory } from '../../shared/watch/history-range.ts';
import { OVERLAP_MS } from '../../shared/watch/watermarks.ts';

const NOW = Date.UTC(2026, 8, 1);
const DAY_MS = 86_400_000;
const OLDEST = NOW - KEPT_MS;
const MARK: HistoryMark = {
  fromMs: OLDEST,
  toMs: NOW - OVERLAP_MS,
  doneToMs: OLDEST + 9 * DAY_MS,
  startedAtMs: NOW,
  generation: 'a',
  looked: 3,
  found: 2,
  purged: 1,
};
const FINISHED = { ...MARK, doneToMs: MARK.toMs, finishedAtMs: NOW };
const plan = (mark: HistoryMark | undefined, nowMs = NOW, range = wholeHistory(nowMs), generation = 'a') =>
  planWalk(mark, range, generation, nowMs);

describe('a walk begins', () => {
  test('with the oldest job that BigQuery keeps, and ends where lists may be late', () => {
    expect(plan(undefined)).toEqual({
      ...MARK,
      doneToMs: OLDEST,
      looked: 0,
      found: 0,
      purged: 0,
    });
    expect(plan(undefined, NOW, { fromMs: 0, toMs: NOW + DAY_MS })).toEqual(plan(undefined));
  });

  test('where the other one stopped', () => {
    expect(plan(MARK, NOW + 60_000)).toEqual(MARK);
  });

  test.each([
    ['it stopped long ago', NOW + 20 * DAY_MS, undefined],
    ['a clock is months ahead', NOW + 100 * DAY_MS, undefined],
    ['less is asked for', NOW, { fromMs: NOW - 15 * DAY_MS, toMs: NOW }],
  ])('there, too, when %s: nothing is skipped', (_, nowMs, range) => {
    expect(plan(MARK, nowMs, range)).toEqual(MARK);
  });

  test('with what is asked for, and no more counts as gone through, when nobody went through what lies before', () => {
    const older = { ...FINISHED, toMs: NOW - 120 * DAY_MS };
    const next = plan(older, NOW, { fromMs: NOW - 45 * DAY_MS, toMs: NOW });
    expect(next).toMatchObject({ fromMs: NOW - 45 * DAY_MS, doneToMs: NOW - 45 * DAY_MS });
    const after = next && plan({ ...next, doneToMs: next.toMs, finishedAtMs: NOW }, NOW + DAY_MS);
    expect(after?.doneToMs).toBe(OLDEST + DAY_MS);
  });

  test('less what lists showed late also where the range begins within that', () => {
    const range = { fromMs: FINISHED.toMs - 1, toMs: NOW + DAY_MS };
    expect(plan(FINISHED, NOW + DAY_MS, range)?.fromMs).toBe(FINISHED.toMs - OVERLAP_MS);
  });

  test('where the one that is finished ended, less what lists showed late', () => {
    const next = plan(FINISHED, NOW + DAY_MS);
    expect(next).toMatchObject({
      fromMs: MARK.toMs - OVERLAP_MS,
      toMs: NOW + DAY_MS - OVERLAP_MS,
      looked: 0,
    });
    expect(next?.finishedAtMs).toBeUndefined();
    const after = next && plan({ ...next, finishedAtMs: NOW }, NOW + 2 * DAY_MS);
    expect(after?.fromMs).toBe(NOW + DAY_MS - 2 * OVERLAP_MS);
  });

  test.each([
    ['unfinished', MARK],
    ['finished', FINISHED],
  ])('anew by other policies, though the one before is %s', (_, mark) => {
    expect(plan(mark, NOW, wholeHistory(NOW), 'b')).toMatchObject({
      doneToMs: OLDEST,
      generation: 'b',
      looked: 0,
    });
  });

  test('anew where more is asked for than was gone through', () => {
    const narrow = { ...FINISHED, fromMs: NOW - 30 * DAY_MS };
    expect(plan(narrow)?.doneToMs).toBe(OLDEST);
    const covered = { ...narrow, coveredFromMs: OLDEST };
    expect(plan(covered, NOW + DAY_MS)?.fromMs).toBe(MARK.toMs - OVERLAP_MS);
  });

  test('not anew because the clocks of two instances differ', () => {
    expect(plan(FINISHED, NOW - 30_000)).toBeUndefined();
  });

  test.each([
    ['all is gone through', FINISHED, wholeHistory(NOW)],
    ['the range is over before it begins', undefined, { fromMs: NOW - 1, toMs: NOW }],
    ['the range is of what BigQuery no longer keeps', undefined, { fromMs: 0, toMs: OLDEST }],
  ])('not when %s', (_, mark, range) => {
    expect(plan(mark, NOW, range)).toBeUndefined();
  });
});

describe('the estimate of its end', () => {
  test('is what is left at the pace so far', () => {
    const mark = { ...MARK, fromMs: 0, toMs: 1_000, doneToMs: 250, startedAtMs: NOW };
    expect(estimatedEndAtMs(mark, NOW + 60_000)).toBe(NOW + 240_000);
  });

  test('is not there while nothing is done', () => {
    expect(estimatedEndAtMs({ ...MARK, doneToMs: MARK.fromMs }, NOW + 60_000)).toBeUndefined();
    expect(estimatedEndAtMs(MARK, NOW)).toBeUndefined();
  });
});
