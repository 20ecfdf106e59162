import { readFile } from 'node:fs/promises';
import { describe, expect, it, test } from 'vitest';
import type { JobError } from '../../shared/job/job.ts';
import { Redacted } from '../../shared/job/redacted.ts';
import { NAMEABLE_REASONS, REASONS, retryableReason, TRANSIENT_REASONS } from '../../shared/retry/reasons.ts';

const DEFAULT = { reasons: TRANSIENT_REASONS };
const ALL = { reasons: new Set(NAMEABLE_REASONS) };

/** Fails with the first of these; all of them stand in `errors`, as BigQuery has it. */
function opinion(reasons: readonly string[], rule = DEFAULT) {
  const all = reasons.map((reason): JobError => ({ reason }));
  return retryableReason({ result: all[0], all }, rule);
}

describe('a policy without a list of its own', () => {
  test.each([...REASONS])('answers %s only when it is transient', (reason, { verdict }) => {
    expect(opinion([reason]).kind).toBe(verdict === 'transient' ? 'retry' : 'no');
  });
});

describe('a policy that names all it can', () => {
  const passing = ['transient', 'only-if-named'];
  test.each([...REASONS])('answers %s unless it comes again', (reason, { verdict }) => {
    expect(opinion([reason], ALL).kind).toBe(passing.includes(verdict) ? 'retry' : 'no');
  });
});

describe('what is not answered is said with its cause', () => {
  test.each([
    ['invalidQuery', ['invalidQuery'], DEFAULT, 'permanent-reason'],
    [
      'a reason that is narrowed away',
      ['backendError'],
      { reasons: new Set(['internalError']) },
      'reason-not-named',
    ],
    ['a quota', ['quotaExceeded'], DEFAULT, 'reason-not-named'],
    ['a reason that nobody knows', ['brandNew'], ALL, 'unknown-reason'],
    ['a name that objects inherit', ['constructor'], ALL, 'unknown-reason'],
    [
      'a transient failure beside one that comes again',
      ['backendError', 'invalidQuery'],
      ALL,
      'permanent-reason',
    ],
    [
      'a transient failure beside one that is not named',
      ['backendError', 'quotaExceeded'],
      DEFAULT,
      'reason-not-named',
    ],
    ['a transient failure beside one that nobody knows', ['backendError', 'brandNew'], ALL, 'unknown-reason'],
    ['a cancel', ['stopped'], ALL, 'stopped'],
    ['a cancel beside anything', ['invalidQuery', 'backendError', 'stopped'], ALL, 'stopped'],
  ])('%s', (_name, reasons, rule, why) => {
    expect(opinion(reasons, rule)).toMatchObject({ kind: 'no', why });
  });

  it('success, and a failure that BigQuery does not explain', () => {
    const all = [{ reason: 'backendError' }];
    expect(retryableReason({ result: null, all }, ALL)).toMatchObject({ kind: 'no', why: 'not-failed' });
    expect(retryableReason({ result: undefined, all }, ALL)).toMatchObject({ kind: 'no', why: 'not-failed' });
    expect(retryableReason({ result: {}, all }, ALL)).toMatchObject({ kind: 'no', why: 'no-reason' });
    const [result] = all;
    expect(retryableReason({ result, all: [...all, {}] }, ALL)).toMatchObject({
      kind: 'no',
      why: 'no-reason',
    });
  });

  it('who stopped it', () => {
    const stopped = (stoppedBy: 'request' | 'job-timeout') =>
      retryableReason({ result: { reason: 'stopped', stoppedBy }, all: [] }, ALL);
    expect(stopped('job-timeout')).toMatchObject({ sentence: expect.stringContaining('jobTimeoutMs') });
    expect(stopped('request')).toMatchObject({ sentence: expect.stringContaining('cancelled') });
  });
});

describe('a bad request', () => {
  const streaming: JobError = { reason: 'badRequest', about: 'streaming-buffer' };
  test.each([
    ['about the streaming buffer, named', streaming, ALL, 'retry'],
    ['about the streaming buffer, not named', streaming, DEFAULT, 'no'],
    ['about anything else, named', { reason: 'badRequest' }, ALL, 'no'],
  ])('%s', (_name, result, rule, kind) => {
    expect(retryableReason({ result, all: [result] }, rule).kind).toBe(kind);
  });
});

it('tells nothing of what is no word of BigQuery', () => {
  const result: JobError = { reason: "SELECT 'secret'", message: new Redacted('secret') };
  expect(JSON.stringify(retryableReason({ result, all: [] }, ALL))).not.toContain('secret');
});

it('is the table of docs/retry.md', async () => {
  const text = await readFile(new URL('../../docs/retry.md', import.meta.url), 'utf8');
  const words = { transient: 'transient', 'only if named': 'only-if-named', never: 'never' };
  const section = text.split('## Which failures')[1]?.split('## ')[0] ?? '';
  const told = [...section.matchAll(/^\| `(\w+)` \| (transient|only if named|never)/gm)].map(
    ([, reason = '', word = '']) => [reason, Object.entries(words).find(([key]) => key === word)?.[1]],
  );
  expect(told).toEqual(
    [...REASONS].map(([reason, { verdict }]) => [reason, verdict === 'later' ? 'only-if-named' : verdict]),
  );
});

it('has a source for each', () => {
  for (const { source } of REASONS.values()) expect(source).not.toBe('');
});
