import { describe, expect, it, test } from 'vitest';
import type { RetryFacts } from '../../shared/judge/judge-retry.ts';
import { ACCOUNT, FAILED_AT_MS, NAMED, type Parts, query } from '../retry/failed-jobs.ts';
import { judged, SELECT } from './judging-retries.ts';

const HOUR_MS = 3_600_000;
const POLICY = `- { name: a, match: { principals: "etl@*" }, retry: {} }`;

describe('a failure that passes', () => {
  it('is answered by a retry, with a sentence for people', () => {
    expect(judged(POLICY)).toEqual({
      findings: [
        {
          policy: 'a',
          mode: 'enforce',
          outcome: 'retry',
          reason: 'backendError',
          sentence: 'failed with backendError; a has it run again, attempt 1 of 3',
        },
      ],
      act: { verb: 'retry', policy: 'a', attempt: 1, reason: 'backendError' },
      undecided: [],
    });
  });

  it('is only told of by a policy that observes', () => {
    const verdict = judged(`- { name: a, mode: observe, match: { principals: "etl@*" }, retry: {} }`);
    expect(verdict.findings).toMatchObject([{ outcome: 'retry', mode: 'observe' }]);
    expect(verdict).not.toHaveProperty('act');
    expect(verdict).not.toHaveProperty('refusal');
  });

  test.each<[string, Partial<RetryFacts>, object]>([
    ['is answered again', { attemptsMade: 2 }, { act: { attempt: 3 } }],
    ['is answered no more than the attempts', { attemptsMade: 3 }, { refusal: { why: 'attempts-used' } }],
    [
      'is answered a millisecond before the deadline',
      { nowMs: FAILED_AT_MS + 6 * HOUR_MS - 1 },
      { act: { attempt: 1 } },
    ],
    [
      'is not answered at the deadline',
      { nowMs: FAILED_AT_MS + 6 * HOUR_MS },
      { refusal: { why: 'deadline-passed' } },
    ],
    [
      'has its deadline from the first failure',
      { rootEndedAtMs: FAILED_AT_MS - 6 * HOUR_MS },
      { refusal: { why: 'deadline-passed' } },
    ],
  ])('%s', (_name, chain, expected) => {
    expect(judged(POLICY, SELECT, chain)).toMatchObject(expected);
  });
});

describe('nothing is found', () => {
  test.each<[string, string, Parts]>([
    ['of a job that succeeded', POLICY, { ...SELECT, status: { errorResult: undefined } }],
    ['of a job that still runs', POLICY, { ...SELECT, status: { state: 'RUNNING' } }],
    [
      'of a job that no policy matches',
      `- { name: a, match: { principals: "etl@*", projects: x }, retry: {} }`,
      SELECT,
    ],
    [
      'of an exempt job',
      `- { name: a, match: { principals: "etl@*" }, except: { projects: my-* }, retry: {} }`,
      SELECT,
    ],
    ['of a dry run', POLICY, { ...SELECT, configuration: { ...SELECT.configuration, dryRun: true } }],
    ['of a continuous query', POLICY, query('SELECT 1', 'SELECT', { continuous: true })],
    [
      "of Google's own accounts",
      `- { name: a, match: { principals: "*" }, retry: {} }`,
      { ...SELECT, user_email: 'service-1@gcp-sa-x.iam.gserviceaccount.com' },
    ],
    ['by policies that cancel', '- { name: a, action: cancel, limit: { runtime: 1ms } }', SELECT],
  ])('%s', (_name, policies, parts) => {
    expect(judged(policies, parts)).toEqual({ findings: [], undecided: [] });
  });
});

describe('is refused, and people are told', () => {
  test.each<[string, string, Parts, string, string]>([
    [
      'a job of a person',
      '- { name: a, match: { principals: "*@example.com" }, retry: {} }',
      { ...SELECT, user_email: 'ada@example.com' },
      'person',
      "failed with backendError, which a answers, and is not run again: it was run by a person, and people's jobs are only told of",
    ],
    [
      'an account that only a star takes',
      '- { name: a, match: { principals: "*" }, retry: {} }',
      SELECT,
      'account-not-listed',
      `failed with backendError, which a answers, and is not run again: its account ${ACCOUNT} is not named in the "match.principals" of a`,
    ],
    [
      'an account of a policy that lists none',
      '- { name: a, match: { jobTypes: QUERY }, retry: {} }',
      SELECT,
      'account-not-listed',
      `failed with backendError, which a answers, and is not run again: its account ${ACCOUNT} is not named in the "match.principals" of a`,
    ],
    [
      'a job of nobody, whomever the policy is about',
      '- { name: a, match: { principals: "etl@*" }, except: { principals: "x@*" }, retry: {} }',
      { ...SELECT, user_email: '' },
      'principal-unknown',
      'failed with backendError, which a answers, and is not run again: BigQuery does not tell who ran it, and a retry runs as that account or not at all',
    ],
    [
      'one that may write twice, of an account that is not named: leave to write twice would not help',
      '- { name: a, match: { principals: "*" }, retry: {} }',
      query('INSERT d.t VALUES (1)', 'INSERT', { destinationTable: NAMED }),
      'account-not-listed',
      `failed with backendError, which a answers, and is not run again: its account ${ACCOUNT} is not named in the "match.principals" of a`,
    ],
    [
      'a job that may write twice',
      POLICY,
      query('INSERT d.t VALUES (1)', 'INSERT', { destinationTable: NAMED }),
      'append',
      'failed with backendError, which a answers, and is not run again: it appends, so that rows could be there twice; "allowRepeatedWrites: true" has such jobs run again',
    ],
    [
      "Google's account, though it is named",
      '- { name: a, match: { principals: "service-1@*" }, retry: {} }',
      { ...SELECT, user_email: 'service-1@gcp-sa-x.iam.gserviceaccount.com' },
      'service-agent',
      "failed with backendError, which a answers, and is not run again: it was run by an account of Google's own, which nobody else can act as",
    ],
    [
      'a dry run, though it is named',
      '- { name: a, match: { principals: "etl@*", dryRun: true }, retry: {} }',
      { ...SELECT, configuration: { ...SELECT.configuration, dryRun: true } },
      'dry-run',
      'failed with backendError, which a answers, and is not run again: it was a dry run',
    ],
  ])('%s', (_name, policies, parts, why, sentence) => {
    const verdict = judged(policies, parts);
    expect(verdict).toMatchObject({
      findings: [{ outcome: 'refused' }],
      refusal: { policy: 'a', why, sentence },
    });
    expect(verdict).not.toHaveProperty('act');
  });
});

describe('is passed over, and nobody is told', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['a failure that comes again', { errorResult: { reason: 'invalidQuery' } }, 'permanent-reason'],
    [
      'a failure that the policy does not name',
      { errorResult: { reason: 'quotaExceeded' } },
      'reason-not-named',
    ],
    ['a cancel', { errorResult: { reason: 'stopped' } }, 'stopped'],
    ['a failure without a reason', { errorResult: { message: 'x' } }, 'no-reason'],
  ])('%s', (_name, status, why) => {
    const verdict = judged(POLICY, { ...SELECT, status });
    expect(verdict.findings).toMatchObject([{ outcome: 'passed-over', why }]);
    expect(verdict).not.toHaveProperty('act');
    expect(verdict).not.toHaveProperty('refusal');
  });
});

describe('of several policies', () => {
  const observed = '- { name: watched, mode: observe, match: { principals: "etl@*" }, retry: {} }';
  const refusing = '- { name: people, match: { principals: "*" }, retry: {} }';
  const quotas = '- { name: quotas, match: { principals: "etl@*" }, retry: { reasons: quotaExceeded } }';
  const order = (...policies: string[]) => judged(policies.join('\n')).findings.map(({ policy }) => policy);

  it('the one that acts comes first, then what it would do, then who refuses, then who does not answer', () => {
    expect(order(quotas, refusing, observed, POLICY)).toEqual(['a', 'watched', 'people', 'quotas']);
  });

  it('the first in the file wins among equals', () => {
    const second = POLICY.replace('name: a', 'name: b');
    expect(judged(`${POLICY}\n${second}`).act?.policy).toBe('a');
    expect(judged(`${second}\n${POLICY}`).act?.policy).toBe('b');
  });

  it('of those that refuse, one that names the account comes before one that does not', () => {
    const insert = query('INSERT d.t VALUES (1)', 'INSERT', { destinationTable: NAMED });
    expect(judged(`${refusing}\n${POLICY}`, insert).refusal).toMatchObject({ policy: 'a', why: 'append' });
  });

  it('one that only observes says nothing of why another refuses', () => {
    expect(judged(`${refusing}\n${observed}`)).not.toHaveProperty('refusal');
  });
});

it('names once what several parts of a policy want to know', () => {
  const policies =
    '- { name: a, match: { referencedTables: "hr.*" }, except: { referencedTables: "hr.x" }, retry: {} }';
  expect(judged(policies).undecided).toMatchObject([{ fields: ['referencedTables'] }]);
});

it('does nothing where an exemption cannot be told', () => {
  const policies =
    '- { name: a, match: { principals: "etl@*" }, except: { referencedTables: "hr.*" }, retry: {} }';
  expect(judged(policies)).toEqual({
    findings: [],
    undecided: [{ policy: 'a', mode: 'enforce', fields: ['referencedTables'], reason: 'backendError' }],
  });
  const status = { errorResult: { reason: 'invalidQuery' } };
  expect(judged(policies, { ...SELECT, status })).toMatchObject({
    findings: [{ outcome: 'passed-over', why: 'permanent-reason' }],
    undecided: [],
  });
});
