import { describe, expect, it, test } from 'vitest';
import { LIST_PRICES } from '../../shared/cost/price-table.ts';
import type { Job } from '../../shared/job/job.ts';
import type { CancelPolicy, Policies, Selector } from '../../shared/policy/policy.ts';
import { readPolicies } from '../../shared/policy/read-policies.ts';

/** The example of the design: words of later versions stand in it. */
const EXAMPLE = `version: 1
mode: enforce                      # or observe: everything is judged and alerted, nothing is touched; also per policy
breaker: { acts: 50, per: 1h, share: 20% }           # also per policy
pricing: { US: { usdPerTiB: 6.25, usdPerSlotHour: { STANDARD: 0.04, ENTERPRISE: 0.06, ENTERPRISE_PLUS: 0.10 } } }
policies:
  - name: interactive-runtime
    match:  { jobTypes: [QUERY], principals: ["*@example.com"], priority: INTERACTIVE }
    except: { principals: ["oncall@example.com"], labels: { watchdog: exempt } }   # all keys of one match or except must hold
    limit:  { runtime: 30m, warnAt: 80% }
    action: cancel
  - name: expensive-scan
    limit:  { cost: 50 USD, basis: estimate }
    action: cancel
  - name: night-batch-only
    when:   job.priority == "BATCH" && job.slotMs > 3600000 && hour(now, "Europe/Berlin") in [8, 9, 10, 11]
    action: alert
  - name: transient-failures
    match:  { principals: ["etl-*@my-project.iam.gserviceaccount.com"] }
    retry:  { reasons: [backendError, rateLimitExceeded], attempts: 3, backoff: { initial: 1m, factor: 2, max: 30m } }
  - name: secrets-in-sql
    sensitive: { detectors: [credentials, creditCard], labels: { sensitivity: restricted }, datasets: ["hr_*"] }   # any key is enough; narrow with match
    purge: { after: 15m }
`;

function read(text: string): Policies {
  return readPolicies(text, 'policies.yaml').policies;
}

/** The only policy of a file with these keys, and these keys of its own. */
function policy(own: string, file = ''): CancelPolicy {
  const [only, ...others] = read(
    `version: 1\n${file}\npolicies:\n  - { name: a, action: alert, ${own} }\n`,
  ).cancel;
  if (only === undefined || others.length > 0) throw new Error('not one policy');
  return only;
}

describe('the example of the design loads', () => {
  it('with the policies that this version carries out', () => {
    const [first, second, ...others] = read(EXAMPLE).cancel;
    expect(others).toEqual([]);
    expect(second).toMatchObject({
      name: 'expensive-scan',
      action: 'cancel',
      limits: [{ limit: { key: 'cost' }, amount: 50 }],
    });
    expect(first).toMatchObject({
      name: 'interactive-runtime',
      mode: 'enforce',
      action: 'cancel',
      match: { jobTypes: ['QUERY'], priority: ['INTERACTIVE'], principals: [{ text: '*@example.com' }] },
      excepts: [{ principals: [{ text: 'oncall@example.com' }] }],
      limits: [{ limit: { key: 'runtime' }, amount: 1_800_000 }],
      warnAt: 0.8,
      breaker: { acts: 50, perMs: 3_600_000, share: 0.2 },
    });
  });

  it('with its retry, as the file says and the defaults complete', () => {
    expect(read(EXAMPLE).retry).toMatchObject([
      {
        name: 'transient-failures',
        mode: 'enforce',
        match: { principals: [{ text: 'etl-*@my-project.iam.gserviceaccount.com' }] },
        excepts: [],
        rule: {
          reasons: new Set(['backendError', 'rateLimitExceeded']),
          attempts: 3,
          backoff: { initialMs: 60_000, factor: 2, maxMs: 1_800_000 },
          deadlineMs: 21_600_000,
          allowRepeatedWrites: false,
          guards: {},
          caps: { perProjectPerHour: 40, perPrincipalPerHour: 20 },
        },
        breaker: { acts: 50, perMs: 3_600_000, share: 0.2 },
      },
    ]);
  });

  it('with a warning for each word that sets a policy aside', () => {
    const aside = (name: string, key: string) =>
      `policy "${name}" is set aside whole and never fires: this version does not carry out "${key}"`;
    expect(readPolicies(EXAMPLE, 'f').warnings.map(({ line, message }) => `${line} ${message}`)).toEqual([
      `15 ${aside('night-batch-only', 'when')}`,
    ]);
  });
});

describe('pricing', () => {
  const priced = (pricing: string) => read(`version: 1\npricing: ${pricing}\npolicies: []\n`).prices;

  it('stands at the list where the file says nothing', () => {
    expect(read('version: 1\npolicies: []\n').prices).toEqual(LIST_PRICES);
  });

  it('goes before the list, price by price, in any case of the location', () => {
    const prices = priced('{ us: { usdPerTiB: 5, usdPerSlotHour: { ENTERPRISE: 0.05 } } }');
    expect(prices.get('us')).toEqual({
      usdPerTiB: 5,
      usdPerSlotHour: { STANDARD: 0.04, ENTERPRISE: 0.05, ENTERPRISE_PLUS: 0.1 },
    });
    expect(prices.get('eu')).toEqual(LIST_PRICES.get('eu'));
  });

  it('gives prices to a location that the list does not have', () => {
    expect(priced('{ me-central2: { usdPerTiB: 0 } }').get('me-central2')).toEqual({
      usdPerTiB: 0,
      usdPerSlotHour: {},
    });
  });

  it('is what limits in money count by', () => {
    const text = `version: 1
pricing: { US: { usdPerTiB: 5 } }
policies:
  - { name: a, action: cancel, limit: { cost: 50 USD, basis: estimate } }
`;
    const limit = read(text).cancel[0]?.limits[0]?.limit;
    const job: Job = {
      name: { projectId: 'p', location: 'US', jobId: 'j' },
      state: 'RUNNING',
      type: 'QUERY',
      statementType: 'SELECT',
      reservation: null,
      estimatedBytes: 1024 ** 4,
    };
    expect(limit?.measure(job, 0)).toMatchObject({ value: 5, basis: 'estimate' });
  });
});

describe('mode', () => {
  test.each([
    ['', '', 'observe'],
    ['mode: enforce', '', 'enforce'],
    ['mode: enforce', 'mode: observe', 'observe'],
    ['mode: observe', 'mode: enforce', 'enforce'],
    ['', 'mode: enforce', 'enforce'],
  ])('of a file with "%s" and a policy with "%s" is %s', (file, own, expected) => {
    expect(policy(['limit: { runtime: 1m }', own].filter(Boolean).join(', '), file).mode).toBe(expected);
  });
});

describe('the breaker is overridden key by key', () => {
  test.each([
    ['', '', { acts: 50, perMs: 3_600_000, share: 0.2 }],
    ['breaker: { acts: 5 }', '', { acts: 5, perMs: 3_600_000, share: 0.2 }],
    [
      'breaker: { acts: 5, per: 1d }',
      'breaker: { share: 100%, acts: 7 }',
      { acts: 7, perMs: 86_400_000, share: 1 },
    ],
  ])('%s, then %s', (file, own, expected) => {
    expect(policy(['limit: { runtime: 1m }', own].filter(Boolean).join(', '), file).breaker).toEqual(
      expected,
    );
  });
});

describe('a selector', () => {
  it('takes a single value for a list of one', () => {
    const { match } = policy('match: { jobTypes: COPY, locations: EU, projects: p, editions: ENTERPRISE }');
    expect(match).toMatchObject({
      jobTypes: ['COPY'],
      locations: ['EU'],
      projects: [{ text: 'p' }],
      editions: ['ENTERPRISE'],
    });
  });

  it('reads addresses past case, and nothing else', () => {
    const { match } = policy('match: { principals: "Ada@Example.com", reservations: "p:US.Etl" }');
    expect(match.principals?.[0]?.matches('ada@example.com')).toBe(true);
    expect(match.reservations?.[0]?.matches('p:us.etl')).toBe(false);
  });

  it('keeps a label named __proto__ as a label', () => {
    const { match } = policy('match: { labels: { __proto__: x*, team: ads } }');
    expect([...(match.labels ?? [])].map(([key, glob]) => [key, glob.text])).toEqual([
      ['__proto__', 'x*'],
      ['team', 'ads'],
    ]);
  });

  it('has only the keys that are given', () => {
    const all: Selector = policy('match: { dryRun: true, continuous: false }').match;
    expect(all).toEqual({ dryRun: true, continuous: false });
  });
});

it('takes one except, or a list of them', () => {
  expect(policy('limit: { runtime: 1m }, except: { dryRun: true }').excepts).toEqual([{ dryRun: true }]);
  expect(
    policy('limit: { runtime: 1m }, except: [{ dryRun: true }, { continuous: true }]').excepts,
  ).toHaveLength(2);
  expect(policy('limit: { runtime: 1m }').excepts).toEqual([]);
});

it('keeps the limits in the order of the file', () => {
  const { limits } = policy(
    'limit: { estimatedBytes: 1 TiB, runtime: 5m, averageSlots: 500, slotTime: 10h, warnAt: 50%, cost: 0.5 USD, basis: estimate, pending: 1m }',
  );
  expect(limits.map(({ limit, amount }) => [limit.key, amount])).toEqual([
    ['estimatedBytes', 1024 ** 4],
    ['runtime', 300_000],
    ['averageSlots', 500],
    ['slotTime', 36_000_000],
    ['cost', 0.5],
    ['pending', 60_000],
  ]);
});

it('keeps the policies in the order of the file', () => {
  const entries = ['b', 'a', 'c'].map(
    (name) => `  - { name: ${name}, action: alert, limit: { runtime: 1m } }\n`,
  );
  expect(read(`version: 1\npolicies:\n${entries.join('')}`).cancel.map(({ name }) => name)).toEqual([
    'b',
    'a',
    'c',
  ]);
});
