import { describe, expect, test } from 'vitest';
import type { ChainState } from '../../shared/judge/judge-purge.ts';
import { ACCOUNT } from '../retry/failed-jobs.ts';
import {
  CARD,
  ENDED_AT_MS,
  FAILED,
  family,
  HOUR_MS,
  holdsOf,
  type JobParts,
  judged,
  MINUTE_MS,
} from './judging-purges.ts';

const CARDS =
  '- { name: cards, sensitive: { detectors: creditCard }, purge: { after: 15m, afterFailure: 1h } }';
const RETRY = '- { name: again, match: { principals: "etl@*" }, retry: { deadline: 6h } }';
const DUE_AT_MS = ENDED_AT_MS + HOUR_MS;
const DEADLINE_AT_MS = ENDED_AT_MS + 6 * HOUR_MS;

/** A job of an account that the retry part answers. */
const RETRIED: JobParts = { sql: `SELECT '${CARD}'`, status: FAILED, own: { user_email: ACCOUNT } };

describe('a failed job waits for the retries that it may need', () => {
  const waiting = (
    chain: ChainState,
    { policies = [CARDS, RETRY], parts = RETRIED, nowMs = ENDED_AT_MS } = {},
  ) => {
    const { act, waits } = judged(policies.join('\n'), family(parts), { chain, nowMs });
    return { dueAtMs: act?.dueAtMs, waits };
  };
  const NONE: ChainState = { kind: 'none' };
  const until = (untilMs: number) => ({ dueAtMs: untilMs, waits: { why: 'retry', untilMs } });
  const AT_ONCE = { dueAtMs: DUE_AT_MS, waits: undefined };

  test('until the deadline, where no retry is claimed yet', () => {
    expect(waiting(NONE)).toEqual(until(DEADLINE_AT_MS));
  });

  test('a millisecond before the deadline as well, and not at it', () => {
    expect(waiting(NONE, { nowMs: DEADLINE_AT_MS - 1 })).toEqual(until(DEADLINE_AT_MS));
    expect(waiting(NONE, { nowMs: DEADLINE_AT_MS })).toEqual(AT_ONCE);
  });

  test('no longer than its own wait, where that is longer', () => {
    const policy = CARDS.replace('afterFailure: 1h', 'afterFailure: 24h');
    expect(waiting(NONE, { policies: [policy, RETRY] })).toEqual({
      dueAtMs: ENDED_AT_MS + 24 * HOUR_MS,
      waits: { why: 'retry', untilMs: DEADLINE_AT_MS },
    });
  });

  test('not once its chain is over', () => {
    expect(waiting({ kind: 'over' })).toEqual(AT_ONCE);
  });

  test('as long as its chain inserts, whatever the deadline is now', () => {
    const untilMs = ENDED_AT_MS + 9 * HOUR_MS;
    expect(waiting({ kind: 'under-way', untilMs })).toEqual(until(untilMs));
    expect(waiting({ kind: 'under-way', untilMs }, { policies: [CARDS] })).toEqual(until(untilMs));
    expect(waiting({ kind: 'under-way', untilMs: ENDED_AT_MS + 2 * HOUR_MS })).toEqual(until(DEADLINE_AT_MS));
  });

  test('as long as the longest deadline of those that would answer', () => {
    const longer = RETRY.replace('again', 'longer').replace('6h', '8h');
    const observed = RETRY.replace('again', 'seen')
      .replace('6h', '30h')
      .replace('{ name', '{ mode: observe, name');
    expect(waiting(NONE, { policies: [CARDS, RETRY, longer, observed] })).toEqual(
      until(ENDED_AT_MS + 8 * HOUR_MS),
    );
  });

  test.each<[string, string, JobParts]>([
    ['no policy answers it', RETRY.replace('etl@', 'other@'), RETRIED],
    ['the policy only observes', RETRY.replace('{ name', '{ mode: observe, name'), RETRIED],
    ['its failure does not pass', RETRY, { ...RETRIED, status: { errorResult: { reason: 'invalidQuery' } } }],
    ['a person ran it', RETRY, { ...RETRIED, own: {} }],
    ['it was cancelled', RETRY, { ...RETRIED, status: { errorResult: { reason: 'stopped' } } }],
  ])('not where %s', (_name, retry, parts) => {
    expect(waiting(NONE, { policies: [CARDS, retry], parts })).toEqual(AT_ONCE);
  });

  test('not where it did not fail', () => {
    const { act, waits } = judged([CARDS, RETRY].join('\n'), family({ ...RETRIED, status: {} }));
    expect({ dueAtMs: act?.dueAtMs, waits }).toEqual({ dueAtMs: ENDED_AT_MS + 15 * MINUTE_MS });
  });

  test('and an attempt waits for the job that its chain began with', () => {
    const untilMs = ENDED_AT_MS + 3 * HOUR_MS;
    expect(waiting({ kind: 'origin-stands', untilMs })).toEqual(until(untilMs));
    expect(waiting({ kind: 'origin-stands', untilMs }, { parts: { ...RETRIED, status: {} } })).toEqual(
      until(untilMs),
    );
    expect(waiting({ kind: 'origin-stands', untilMs }, { nowMs: untilMs }).waits).toBeUndefined();
  });
});

describe('a legal hold', () => {
  const HOLD = '- { id: case-1, reason: Litigation, until: indefinite, match: { projects: shop } }';

  test('keeps a job, and what was found is told all the same', () => {
    const verdict = judged(CARDS, family(RETRIED), { holds: holdsOf(HOLD) });
    expect(verdict).toMatchObject({ findings: [{ policy: 'cards' }], held: { hold: 'case-1' } });
    expect(verdict).not.toHaveProperty('act');
    expect(verdict).not.toHaveProperty('waits');
    expect(verdict.held).not.toHaveProperty('untilMs');
  });

  test('keeps the whole family of a child', () => {
    const of = family({ statistics: { numChildJobs: '1', query: { statementType: 'SCRIPT' } } }, RETRIED);
    const hold = HOLD.replace('projects: shop', 'jobs: "shop:US.script_job_1"');
    expect(judged(CARDS, of)).toHaveProperty('act');
    expect(judged(CARDS, of, { holds: holdsOf(hold) })).not.toHaveProperty('act');
  });

  test('that ends keeps it until the last moment of its end', () => {
    const holds = holdsOf(HOLD.replace('indefinite', '2026-09-01T13:00:00Z'));
    const at = (nowMs: number) => judged(CARDS, family(RETRIED), { holds, nowMs });
    expect(at(DUE_AT_MS).held).toEqual({ hold: 'case-1', untilMs: DUE_AT_MS });
    expect(at(DUE_AT_MS + 1)).toMatchObject({ act: { policy: 'cards' } });
  });

  test('is of no account where nothing is found', () => {
    expect(judged(CARDS, family({}), { holds: holdsOf(HOLD) })).toEqual({ findings: [], undecided: [] });
  });

  test('is told of findings that are only observed, too', () => {
    const policy = CARDS.replace('{ name', '{ mode: observe, name');
    expect(judged(policy, family(RETRIED), { holds: holdsOf(HOLD) }).held).toEqual({ hold: 'case-1' });
  });
});
