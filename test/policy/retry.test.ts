import { describe, expect, it, test } from 'vitest';
import type { RetryPolicy } from '../../shared/policy/policy.ts';
import { readPolicies } from '../../shared/policy/read-policies.ts';
import { NAMEABLE_REASONS, REASONS, TRANSIENT_REASONS } from '../../shared/retry/reasons.ts';
import { brief, faultsOf } from './faults-of.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A file of one policy that lists an account, with these keys. */
function file(own: string): string {
  return `version: 1\npolicies:\n  - { name: a, match: { principals: etl@p.iam.gserviceaccount.com }, ${own} }\n`;
}

function policy(own: string): RetryPolicy {
  const { cancel, retry } = readPolicies(file(own), 'f').policies;
  const [only] = retry;
  if (only === undefined || retry.length > 1 || cancel.length > 0) throw new Error('not one retry policy');
  return only;
}

describe('a retry', () => {
  it('of no keys has every default', () => {
    expect(policy('retry: {}')).toMatchObject({
      name: 'a',
      mode: 'observe',
      rule: {
        reasons: TRANSIENT_REASONS,
        attempts: 3,
        backoff: { initialMs: MINUTE_MS, factor: 2, maxMs: 30 * MINUTE_MS },
        deadlineMs: 6 * HOUR_MS,
        allowRepeatedWrites: false,
        guards: {},
        caps: { perProjectPerHour: 40, perPrincipalPerHour: 20 },
      },
      breaker: { acts: 50 },
    });
  });

  it('of all keys has each as it is written', () => {
    const { rule, mode, breaker, excepts } = policy(
      `mode: enforce, breaker: { acts: 7 }, except: { projects: p }, retry: { reasons: quotaExceeded, attempts: 10,
       backoff: { initial: 10s, factor: 1.5, max: 1h }, deadline: 7d, allowRepeatedWrites: true,
       guards: { jobTimeout: 2h, maximumBytesBilled: 1 TiB, priority: BATCH, labels: { team: data, größe: x_1 } },
       caps: { perProjectPerHour: 1, perPrincipalPerHour: 10000 } }`,
    );
    expect(rule).toEqual({
      reasons: new Set(['quotaExceeded']),
      attempts: 10,
      backoff: { initialMs: 10_000, factor: 1.5, maxMs: HOUR_MS },
      deadlineMs: 7 * 24 * HOUR_MS,
      allowRepeatedWrites: true,
      guards: {
        jobTimeoutMs: 2 * HOUR_MS,
        maximumBytesBilled: 1024 ** 4,
        priority: 'BATCH',
        labels: new Map([
          ['team', 'data'],
          ['größe', 'x_1'],
        ]),
      },
      caps: { perProjectPerHour: 1, perPrincipalPerHour: 10_000 },
    });
    expect({ mode, acts: breaker.acts, excepts: excepts.length }).toEqual({
      mode: 'enforce',
      acts: 7,
      excepts: 1,
    });
  });

  test.each([
    ['{ initial: 2h }', { initialMs: 2 * HOUR_MS, factor: 2, maxMs: 2 * HOUR_MS }],
    ['{ max: 10s }', { initialMs: 10_000, factor: 2, maxMs: 10_000 }],
    ['{ factor: 1 }', { initialMs: MINUTE_MS, factor: 1, maxMs: 30 * MINUTE_MS }],
  ])('whose backoff is %s completes it sensibly', (backoff, expected) => {
    expect(policy(`retry: { backoff: ${backoff} }`).rule.backoff).toEqual(expected);
  });

  it('may name every reason that can pass, and no other', () => {
    const taken = [...REASONS.keys()].filter(
      (reason) => faultsOf(file(`retry: { reasons: ${reason} }`)).length === 0,
    );
    expect(taken).toEqual(NAMEABLE_REASONS);
    expect(taken).not.toContain('stopped');
  });

  it('is set aside whole with what this version does not carry out', () => {
    const { policies, warnings } = readPolicies(file('when: x, retry: {}'), 'f');
    expect(policies.retry).toEqual([]);
    expect(warnings.map(({ message }) => message)).toEqual([
      'policy "a" is set aside whole and never fires: this version does not carry out "when"',
    ]);
  });

  it('stands beside policies that cancel, each in its own part', () => {
    const text = `${file('retry: {}')}  - { name: b, limit: { runtime: 1m }, action: cancel }\n`;
    const { cancel, retry } = readPolicies(text, 'f').policies;
    expect([cancel, retry].map((part) => part.map(({ name }) => name))).toEqual([['b'], ['a']]);
  });
});

describe('is refused', () => {
  test.each([
    [
      'beside an action',
      'retry: {}, action: alert',
      '3:81 policy "a" has "action" beside "retry": one is about jobs that run, the other about jobs that failed',
    ],
    [
      'beside a limit',
      'limit: { runtime: 1m }, retry: {}',
      '3:70 policy "a" has "limit" beside "retry": one is about jobs that run, the other about jobs that failed',
    ],
    [
      'with a reason that there is not',
      'retry: { reasons: [backendErr] }',
      '3:89 retry.reasons of policy "a": "backendErr" is no reason of a failure known to this version',
    ],
    [
      'with a reason that comes again',
      'retry: { reasons: [backendError, stopped] }',
      '3:103 retry.reasons of policy "a": "stopped" is a reason that another try does not mend, and is never retried',
    ],
    [
      'with no attempts',
      'retry: { attempts: 0 }',
      '3:89 retry.attempts of policy "a": 0 is no number of attempts',
    ],
    [
      'with eleven attempts',
      'retry: { attempts: 11 }',
      '3:89 retry.attempts of policy "a": 11 is no number of attempts',
    ],
    [
      'with half an attempt',
      'retry: { attempts: 1.5 }',
      '3:89 retry.attempts of policy "a": 1.5 is no number of attempts',
    ],
    [
      'with waits that shrink',
      'retry: { backoff: { factor: 0.5 } }',
      '3:98 retry.backoff.factor of policy "a": 0.5 is no factor',
    ],
    [
      'with a first wait above the longest',
      'retry: { backoff: { initial: 2m, max: 1m } }',
      '3:103 policy "a" would wait longer at first ("initial") than at most ("max")',
    ],
    [
      'with a deadline beyond a week',
      'retry: { deadline: 7d1ms }',
      '3:89 retry.deadline of policy "a": "7d1ms" is later than anybody waits for a retry',
    ],
    ['with an unknown key', 'retry: { attempt: 3 }', '3:79 unknown key "attempt" in retry of policy "a"'],
    [
      'with an unknown key inside',
      'retry: { guards: { jobTimeoutMs: 3 } }',
      '3:89 unknown key "jobTimeoutMs" in retry.guards of policy "a"',
    ],
    [
      'with the priority that everybody has',
      'retry: { guards: { priority: INTERACTIVE } }',
      '3:99 retry.guards.priority of policy "a": "INTERACTIVE" must be BATCH',
    ],
    [
      'with a label that BigQuery does not take',
      'retry: { guards: { labels: { Team: data } } }',
      '3:99 policy "a" would label retries with "Team", which BigQuery does not take',
    ],
    ['with no map', 'retry: true', '3:77 retry of policy "a": true is no map of keys'],
  ])('%s', (_name, own, expected) => {
    expect(faultsOf(file(own)).map(brief)).toEqual([expected]);
  });

  it('for the key and for the value of a label, each at its place', () => {
    expect(faultsOf(file('retry: { guards: { labels: { Team: "x y", "": "z" } } }')).map(brief)).toEqual([
      '3:99 policy "a" would label retries with "Team", which BigQuery does not take',
      '3:105 policy "a" would label retries with "x y", which BigQuery does not take',
      '3:112 policy "a" would label retries with "", which BigQuery does not take',
    ]);
  });

  it('for a label whose empty key can be told', () => {
    expect(faultsOf(file('retry: { guards: { labels: { "": 1 } } }')).map(brief)).toEqual([
      '3:103 retry.guards.labels."" of policy "a": 1 is no text',
    ]);
  });

  test.each([
    ['retry: { reasons: [backendErr] }', 'backendError'],
    ['retry: { attemps: 3 }', 'attempts'],
    ['retry: { guards: { labels: { team: Data } } }', 'data'],
  ])('%s, with what was meant', (own, nearest) => {
    expect(faultsOf(file(own)).map((fault) => fault.nearest)).toEqual([nearest]);
  });
});

describe('is warned of when it lists nearly every account', () => {
  const warnings = (pattern: string) =>
    readPolicies(
      `version: 1\npolicies:\n  - { name: a, match: { principals: ["${pattern}"] }, retry: {} }\n`,
      'f',
    ).warnings.map(({ message }) => message);

  test.each(['*e*@*', '*1*@*', '*E*@*', '*e*@*.iam.gserviceaccount.com'])('%s', (pattern) => {
    expect(warnings(pattern)).toEqual([
      `policy "a" lists by "${pattern}" nearly every service account, those of any project: a job of any of them that fails is run again as that account`,
    ]);
  });

  test.each([
    '*etl*@*',
    'e*@*',
    '*e@*.iam.gserviceaccount.com',
    '*e*@my-project.iam.gserviceaccount.com',
    '*@my-project.iam.gserviceaccount.com',
    '*@developer.gserviceaccount.com',
  ])('and not with %s', (pattern) => {
    expect(warnings(pattern)).toEqual([]);
  });
});

describe('is warned of when it can retry nothing', () => {
  const warnings = (match: string) =>
    readPolicies(`version: 1\npolicies:\n  - { name: a, ${match}retry: {} }\n`, 'f').warnings.map(
      ({ message }) => message,
    );
  const LISTS_NOBODY =
    'policy "a" lists no service account in "match.principals": what fails is only alerted, and nothing is retried';

  test.each([
    ['no match', '', [LISTS_NOBODY]],
    ['everybody', 'match: { principals: "*" }, ', [LISTS_NOBODY]],
    ['every account', 'match: { principals: "*@*.iam.gserviceaccount.com" }, ', [LISTS_NOBODY]],
    ['people', 'match: { principals: ["*@example.com", ann@example.com] }, ', [LISTS_NOBODY]],
    ['an account', 'match: { principals: etl@p.iam.gserviceaccount.com }, ', []],
    ['accounts of a project', 'match: { principals: "*@p.iam.gserviceaccount.com" }, ', []],
    ['accounts of a name', 'match: { principals: "ETL-*" }, ', []],
    ['people and an account', 'match: { principals: ["*@x.com", etl@p.iam.gserviceaccount.com] }, ', []],
    [
      "only accounts of Google's own",
      'match: { principals: ["service-1@gcp-sa-bigquerydatatransfer.iam.gserviceaccount.com", "service-*@gcp-sa-*.iam.gserviceaccount.com"] }, ',
      [
        'policy "a" lists only accounts of Google\'s own, as whom nobody else can act: what fails is only alerted, and nothing is retried',
      ],
    ],
    [
      "an account beside those of Google's own",
      'match: { principals: ["service-1@gcp-sa-x.iam.gserviceaccount.com", "service-*@p.iam.gserviceaccount.com"] }, ',
      [],
    ],
    [
      'only dry runs',
      'match: { principals: "etl-*", dryRun: true }, ',
      ['policy "a" can only meet dry runs, which are never retried'],
    ],
  ])('%s', (_name, match, expected) => {
    expect(warnings(match)).toEqual(expected);
  });
});

describe('is warned of when it does not do what it says', () => {
  const warnings = (own: string, types?: string) => {
    const match = types === undefined ? '' : `, statementTypes: ${types}`;
    const text = file(own).replace('.com }', `.com${match} }`);
    return readPolicies(text, 'f').warnings.map(({ column, message }) => `${column} ${message}`);
  };
  const late = (total: string) =>
    `policy "a" answers badRequest, which may take 1 h 30 min to pass, and may make its last attempt after ${total}`;

  test.each([
    ['badRequest with the usual waits', '{ reasons: badRequest }', [`88 ${late('3 min 30 s')}`]],
    [
      'badRequest with waits that may end half a minute too soon',
      '{ reasons: [backendError, badRequest], attempts: 2, backoff: { initial: 89m, max: 90m, factor: 2 } }',
      [`103 ${late('1 h 29 min 30 s')}`],
    ],
    [
      'badRequest with a deadline that ends too soon',
      '{ reasons: badRequest, backoff: { initial: 1h }, deadline: 89m }',
      [`88 ${late('1 h 14 min 15 s')}`],
    ],
    [
      'badRequest with waits of which half reaches just long enough',
      '{ reasons: badRequest, attempts: 2, backoff: { initial: 90m } }',
      [],
    ],
    ['badRequest that is not named', '{ backoff: { initial: 1m, max: 1m } }', []],
    [
      'a deadline before the first wait ends',
      '{ deadline: 119m, backoff: { initial: 2h } }',
      [
        '79 policy "a" would wait up to 2 h before the first attempt, and runs nothing again 1 h 59 min after the failure ("deadline"): no wait is longer than that',
      ],
    ],
    [
      'a first wait beyond the usual deadline',
      '{ backoff: { initial: 7h } }',
      [
        '79 policy "a" would wait up to 7 h before the first attempt, and runs nothing again 6 h after the failure ("deadline"): no wait is longer than that',
      ],
    ],
    ['a deadline as the first wait ends', '{ deadline: 2h, backoff: { initial: 2h } }', []],
    [
      "the watchdog's own labels",
      '{ guards: { labels: { team: x, bq-watchdog-attempt: y } } }',
      [
        '108 policy "a" would label retries with "bq-watchdog-attempt", which the watchdog sets itself, to tell people of what a job is a retry',
      ],
    ],
  ])('%s', (_name, retry, expected) => {
    expect(warnings(`retry: ${retry}`)).toEqual(expected);
  });

  const needsLeave = (type: string) =>
    `policy "a" never runs ${type} again: that takes "allowRepeatedWrites: true"`;

  test.each([
    [
      'statements that need leave, without it',
      '{}',
      '[MERGE, INSERT, SCRIPT]',
      [`92 ${needsLeave('INSERT')}`, `100 ${needsLeave('SCRIPT')}`],
    ],
    ['one, without a list', '{ allowRepeatedWrites: false }', 'UPDATE', [`84 ${needsLeave('UPDATE')}`]],
    ['statements that need leave, with it', '{ allowRepeatedWrites: true }', '[INSERT, SCRIPT]', []],
    [
      'statements that are never run again',
      '{ allowRepeatedWrites: true }',
      'COMMIT_TRANSACTION',
      ['84 policy "a" never runs COMMIT_TRANSACTION again: its transaction has ended'],
    ],
    ['statements whose text decides', '{}', '[SELECT, MERGE, CREATE_TABLE_AS_SELECT, CREATE_VIEW]', []],
  ])('%s', (_name, retry, types, expected) => {
    expect(warnings(`retry: ${retry}`, types)).toEqual(expected);
  });
});

describe('is warned of a cap that its breaker does not let it reach', () => {
  const warnings = (own: string, ofFile = '') =>
    readPolicies(`${ofFile}${file(own)}`, 'f').warnings.map(({ message }) => message);
  const never = (key: string, breaker: string) =>
    `policy "a" never has retries wait for its "${key}": its breaker trips before, above ${breaker}`;

  test.each([
    ['none', 'retry: {}', '', []],
    ['none, beside a breaker of few acts', 'breaker: { acts: 5 }, retry: {}', '', []],
    ['as many as the acts', 'retry: { caps: { perProjectPerHour: 50 } }', '', []],
    ['one more', 'retry: { caps: { perProjectPerHour: 51 } }', '', [never('perProjectPerHour', '50 in 1 h')]],
    [
      "more than the file's breaker",
      'retry: { caps: { perPrincipalPerHour: 21 } }',
      'breaker: { acts: 20, per: 1d }\n',
      [never('perPrincipalPerHour', '20 in 24 h')],
    ],
    [
      'as many as a breaker of minutes lets through in an hour',
      'breaker: { acts: 10, per: 10m }, retry: { caps: { perProjectPerHour: 60 } }',
      '',
      [],
    ],
    [
      'more than that',
      'breaker: { acts: 10, per: 10m }, retry: { caps: { perProjectPerHour: 61 } }',
      '',
      [never('perProjectPerHour', '10 in 10 min')],
    ],
  ])('%s', (_name, own, ofFile, expected) => {
    expect(warnings(own, ofFile)).toEqual(expected);
  });

  it('but not where the breaker of the file has a fault', () => {
    const text = `breaker: { acts: 5000x }\n${file('retry: { caps: { perProjectPerHour: 51 } }')}`;
    expect(faultsOf(text).map(({ message }) => message)).toEqual([
      'breaker.acts: "5000x" is no number of acts',
    ]);
  });
});
