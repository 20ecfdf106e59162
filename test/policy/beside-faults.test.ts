import { describe, expect, test } from 'vitest';
import { PolicyFileError } from '../../shared/policy/errors.ts';
import { readPolicies } from '../../shared/policy/read-policies.ts';
import { brief, faultsOf } from './faults-of.ts';

function file(...policies: string[]): string {
  return `version: 1\npolicies:\n${policies.map((policy) => `  - { ${policy} }\n`).join('')}`;
}

describe('a fault of a policy hides no other, and no warning, of the same policy', () => {
  test.each<{ readonly name: string; readonly policy: string; readonly told: readonly string[] }>([
    {
      name: 'an except that exempts everybody beside a duration that is none',
      policy: 'name: a, except: { principals: "*" }, limit: { pending: 30m 1h }, action: alert',
      told: [
        '3:24 policy "a" has an "except" that exempts every job: it could never fire',
        '3:63 limit.pending of policy "a": "30m 1h" is no duration: the units must go from large to small, each once',
      ],
    },
    {
      name: 'copy jobs beside a duration that is none',
      policy: 'name: a, match: { jobTypes: COPY }, limit: { runtime: 1hh }, action: cancel',
      told: [
        '3:61 limit.runtime of policy "a": "1hh" has the unit "hh", which is none',
        '3:68 policy "a" can only meet copy jobs, and a copy job cannot be stopped: it will be alerted, not cancelled',
      ],
    },
    {
      name: 'words beside a misspelt key of the same match, and an except of labels alone',
      policy:
        'name: a, match: { jobType: COPY, principals: "user:ann@x.com", locations: Frankfurt }, except: { labels: { w: x } }, limit: { runtime: 1h }, action: cancel',
      told: [
        '3:25 unknown key "jobType" in match of policy "a"',
        expect.stringMatching(/^3:52 match of policy "a": "user:ann@x.com" begins as a member/),
        expect.stringMatching(/^3:81 match of policy "a": "Frankfurt" has not the form of a location/),
        expect.stringMatching(/^3:102 policy "a" exempts by labels alone/),
      ],
    },
    {
      name: 'an action that is lacking beside a share that is none',
      policy: 'name: a, limit: { runtime: 1h }, breaker: { share: 300% }',
      told: [
        '3:13 policy "a" has no "action"',
        expect.stringMatching(/^3:58 breaker.share of policy "a": "300%"/),
      ],
    },
    {
      name: 'a retry that has an action beside a reason that is none',
      policy: 'name: a, retry: { reasons: [nope], backoff: { initial: 1h, max: 1m } }, action: alert',
      told: [
        expect.stringMatching(/^3:16 policy "a" lists no service account/),
        expect.stringMatching(/^3:35 retry.reasons of policy "a": "nope" is no reason/),
        expect.stringMatching(/^3:66 policy "a" would wait longer at first/),
        expect.stringMatching(/^3:79 policy "a" has "action" beside "retry"/),
      ],
    },
    {
      name: 'a policy without a name is named by its number',
      policy: 'except: { labels: { w: x } }, limit: { runtime: 1h }, action: cancel',
      told: [
        '3:5 policy number 1 has no "name"',
        expect.stringMatching(/^3:15 policy "number 1" exempts by labels alone/),
      ],
    },
    {
      name: 'labels that are none leave an empty map, which is not told besides',
      policy: 'name: a, match: { labels: { a: 1 }, jobTypes: COPY }, action: cancel',
      told: [
        expect.stringMatching(/^3:38 match.labels.a of policy "a": 1 is no text/),
        expect.stringMatching(/^3:61 policy "a" can only meet copy jobs/),
      ],
    },
  ])('$name', ({ policy, told }) => {
    expect(faultsOf(file(policy)).map(brief)).toEqual(told);
  });
});

type Plain = Readonly<Record<string, unknown>>;

/** Each says something of its own, between them what most checks say. */
const POLICIES: readonly Plain[] = [
  { name: 'a', match: { jobTypes: ['COPY'], principals: ['user:ann@x.com'] }, action: 'cancel' },
  {
    name: 'a',
    match: { jobTypes: ['LOAD'], priority: 'BATCH' },
    limit: { estimatedBytes: '1 TiB' },
    action: 'alert',
  },
  {
    name: 'a',
    match: { principals: ['a@x'] },
    except: [{ principals: 'a@x' }, { labels: { w: 'x' } }],
    action: 'alert',
  },
  { name: 'a', except: { principals: '*' }, limit: { runtime: '1h' }, action: 'cancel' },
  { name: 'a', limit: { cost: '5 USD' }, match: { reservations: 'r' }, action: 'cancel' },
  {
    name: 'a',
    limit: { cost: '5 USD', basis: 'estimate' },
    match: { locations: ['US', 'asia-east9'] },
    action: 'alert',
  },
  { name: 'a', limit: { basis: 'estimate', warnAt: '80%' }, action: 'alert' },
  { name: 'a', limit: { projectedCost: '5 USD' }, action: 'cancel' },
  { name: 'a', limit: { warnAt: '80%' }, action: 'alert' },
  { name: 'a', action: 'cancel' },
  { name: 'a', match: { principals: '*', dryRun: false }, action: 'alert' },
  { name: 'a', limit: { runtime: '1h' } },
  { name: 'a', retry: {}, action: 'alert' },
  { name: 'a', limit: { runtime: '1h' }, retry: { backoff: { initial: '1h', max: '1m' } } },
  {
    name: 'a',
    match: { principals: 'e-*@p.iam.gserviceaccount.com', continuous: true },
    retry: { guards: { labels: { a: 'B' } } },
  },
  {
    name: 'a',
    match: { principals: 'e-*@p.iam.gserviceaccount.com', statementTypes: ['MERGE', 'INSERT'] },
    retry: {
      reasons: ['badRequest'],
      attempts: 2,
      backoff: { initial: '1h', factor: 1, max: '1h' },
      deadline: '30m',
      guards: { labels: { 'bq-watchdog-origin': 'x' } },
    },
  },
  { name: 'a', match: { statementTypes: ['INSERT'] }, retry: { allowRepeatedWrites: true } },
  { name: 'a', retry: { caps: { perProjectPerHour: 70 } }, breaker: { acts: 60, per: '1h' } },
  { name: 'a', retry: { caps: { perProjectPerHour: 70 } }, breaker: { acts: 80, per: '1h' } },
  { name: 'a', purge: { history: { per: '1h' } }, action: 'alert' },
  { name: 'a', sensitive: { principals: ['*'], datasets: ['a,b'] }, match: { dryRun: false }, purge: {} },
  { name: 'a', sensitive: { labels: { A: 'b' }, tables: ['t'] }, retry: {}, breaker: { share: '5%' } },
  { name: 'a', sensitive: { patterns: { x: 'y' } }, except: { labels: { w: 'x' } }, purge: { after: '1h' } },
];

/** Every value of it in turn replaced by ones that nothing allows, and every key misspelt. */
function* broken(value: unknown): Generator<unknown> {
  yield -1;
  yield { nothing: ['allows', 'this'] };
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) {
      for (const one of broken(item)) yield value.with(at, one);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      const { [key]: _, ...others } = Object.fromEntries(Object.entries(value));
      yield { ...others, [`${key}xx`]: inner };
      for (const one of broken(inner)) yield { ...others, [key]: one };
    }
  }
}

/** By their messages, with what is only warned of. */
function allOf(policy: unknown): readonly string[] {
  const text = JSON.stringify({ version: 1, policies: [policy] });
  try {
    return readPolicies(text, 'f').warnings.map(({ message }) => message);
  } catch (error) {
    if (error instanceof PolicyFileError) return error.faults.map(({ message }) => message);
    throw error;
  }
}

/** What the schema says of a value or a key, which is what was broken. */
const OF_SCHEMA =
  /^unknown key |^policy "?[^"]*"?: |has no "name"$|^[\w.-]+ of policy [^:]*: (?!".*" (?:begins|has not|is no full))/;

test.each(POLICIES)('what is told beside a fault is told too when that is mended: %j', (policy) => {
  const whole = allOf(policy);
  let count = 0;
  for (const one of broken(policy)) {
    const beside = allOf(one).filter((message) => !OF_SCHEMA.test(message));
    const named = beside.map((message) => message.replace('"number 1"', '"a"'));
    expect(whole, JSON.stringify(one)).toEqual(expect.arrayContaining(named));
    count++;
  }
  expect(count).toBeGreaterThan(3);
});
