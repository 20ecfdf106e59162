import { describe, expect, it, test } from 'vitest';
import { type Family, membersOf } from '../../shared/judge/family.ts';
import { foundText } from '../../shared/judge/found-by.ts';
import {
  CARD,
  ENDED_AT_MS,
  FAILED,
  family,
  HOUR_MS,
  type JobParts,
  judged,
  MINUTE_MS,
} from './judging-purges.ts';

const CARDS = '- { name: cards, sensitive: { detectors: creditCard }, purge: {} }';
const SQL = `SELECT * FROM orders WHERE card = '${CARD}'`;
const QUERY_FIELD = 'configuration.query.query';

/** Policy and reasons of each finding, as short as a table wants them. */
function found(policies: string, of: Family): readonly string[] {
  return judged(policies, of).findings.map(
    ({ policy, because }) =>
      `${policy}: ${because.map(({ detector, field, memberAt }) => `${detector} ${field} ${memberAt}`).join(', ')}`,
  );
}

describe('a job that holds what a policy takes for sensitive', () => {
  it('is to be purged a while after its end, with a sentence for people', () => {
    expect(judged(CARDS, family({ sql: SQL }))).toEqual({
      findings: [
        {
          policy: 'cards',
          mode: 'enforce',
          because: [{ detector: 'creditCard', field: QUERY_FIELD, memberAt: 0 }],
          dueAtMs: ENDED_AT_MS + 15 * MINUTE_MS,
          sentence: `is sensitive (creditCard in ${QUERY_FIELD}); cards has its metadata deleted 15 min after its end`,
        },
      ],
      act: { verb: 'purge', policy: 'cards', dueAtMs: ENDED_AT_MS + 15 * MINUTE_MS },
      undecided: [],
    });
  });

  it('is only told of by a policy that observes', () => {
    const verdict = judged(CARDS.replace('{ name', '{ mode: observe, name'), family({ sql: SQL }));
    expect(verdict.findings).toMatchObject([
      { mode: 'observe', sentence: expect.stringContaining('cards would have its metadata deleted') },
    ]);
    expect(verdict).not.toHaveProperty('act');
  });

  test.each<[string, JobParts, number, string]>([
    ['after a success', {}, 5 * MINUTE_MS, '5 min after its end'],
    ['after a failure', { status: FAILED }, 2 * HOUR_MS, '2 h after its end, for it failed'],
    [
      'as late as either where nobody tells which',
      { status: { errorResult: 'what' } },
      2 * HOUR_MS,
      '2 h after its end',
    ],
  ])('is due %s as the policy says', (_name, parts, waitMs, when) => {
    const policy = CARDS.replace('purge: {}', 'purge: { after: 5m, afterFailure: 2h }');
    expect(judged(policy, family({ ...parts, sql: SQL })).findings).toEqual([
      expect.objectContaining({
        dueAtMs: ENDED_AT_MS + waitMs,
        sentence: expect.stringMatching(new RegExp(`deleted ${when}$`)),
      }),
    ]);
  });

  it('is due at its end where the policy waits for nothing', () => {
    const { act, findings } = judged(CARDS.replace('{} }', '{ after: 0s } }'), family({ sql: SQL }));
    expect(act?.dueAtMs).toBe(ENDED_AT_MS);
    expect(findings[0]?.sentence).toMatch(/deleted as soon as it ends$/);
  });

  it('has a verdict that does not change when it is due', () => {
    const dueAtMs = ENDED_AT_MS + 15 * MINUTE_MS;
    const verdicts = [dueAtMs - 1, dueAtMs, dueAtMs + 1].map((nowMs) =>
      judged(CARDS, family({ sql: SQL }), { nowMs }),
    );
    for (const verdict of verdicts) expect(verdict.act?.dueAtMs).toBe(dueAtMs);
  });
});

describe('any one key of "sensitive" is enough', () => {
  const by = (key: string) => `- { name: a, sensitive: { detectors: usSsn, ${key} }, purge: {} }`;
  const tables = (projectId: string, datasetId: string, tableId = 't') => ({
    statistics: { query: { statementType: 'SELECT', referencedTables: [{ projectId, datasetId, tableId }] } },
  });
  const copy = (more: object): JobParts => ({
    configuration: { jobType: 'COPY', query: undefined, copy: more },
    statistics: { query: undefined },
  });
  const CRM = { projectId: 'shop', datasetId: 'crm', tableId: 'people$20260101' };

  test.each<[string, string, JobParts, string]>([
    [
      'labels',
      'labels: { sensitivity: "restr*", team: hr }',
      { configuration: { labels: { sensitivity: 'restricted', team: 'hr' } } },
      'labels configuration.labels 0',
    ],
    ['principals', 'principals: "*@EXAMPLE.com"', {}, 'principals user_email 0'],
    [
      'principals without an address',
      'principals: "principal://*"',
      { own: { user_email: undefined, principal_subject: 'principal://pool/x' } },
      'principals principal_subject 0',
    ],
    [
      'a dataset',
      'datasets: "hr_*"',
      tables('shop', 'hr_pay'),
      'datasets statistics.query.referencedTables 0',
    ],
    [
      'a dataset of another project',
      'datasets: "people.hr_*"',
      tables('people', 'hr_pay'),
      'datasets statistics.query.referencedTables 0',
    ],
    [
      'a table',
      'tables: shop.crm.people',
      tables('shop', 'crm', 'people@1788825600000'),
      'tables statistics.query.referencedTables 0',
    ],
    [
      'a table that is written',
      'tables: crm.people',
      { query: { destinationTable: CRM } },
      'tables configuration.query.destinationTable 0',
    ],
    [
      'a dataset that a copy reads',
      'datasets: crm',
      copy({ sourceTables: [CRM], destinationTable: { ...CRM, datasetId: 'x' } }),
      'datasets configuration.copy.sourceTables 0',
    ],
    [
      'a dataset that a copy writes',
      'datasets: crm',
      copy({ sourceTable: { ...CRM, datasetId: 'x' }, destinationTable: CRM }),
      'datasets configuration.copy.destinationTable 0',
    ],
    [
      'a pattern of the owner',
      "patterns: { customerId: 'CUST-[0-9]{8}' }",
      { sql: "SELECT 'CUST-12345678'" },
      `customerId ${QUERY_FIELD} 0`,
    ],
  ])('%s', (_name, key, parts, expected) => {
    expect(found(by(key), family(parts))).toEqual([`a: ${expected}`]);
  });

  test('of a list of tables that may be cut, what there is of it', () => {
    const referencedTables = Array.from({ length: 60 }, (_, at) => ({
      projectId: 'shop',
      datasetId: 'd',
      tableId: `t${at}`,
    }));
    const parts = { statistics: { query: { statementType: 'SELECT', referencedTables } } };
    expect(found(by('tables: d.t59'), family(parts))).toHaveLength(1);
  });

  test.each<[string, string, JobParts]>([
    ['one label of two', 'labels: { a: b, c: d }', { configuration: { labels: { a: 'b' } } }],
    ['other people', 'principals: "*@other.com"', {}],
    ['a dataset of that name elsewhere', 'datasets: "hr_*"', tables('people', 'hr_pay')],
    ['a project whose name is like a dataset', 'datasets: "hr*"', tables('hr1', 'x')],
    ['a dataset whose name is longer', 'datasets: hr', tables('shop', 'hr_pay')],
    ['another table', 'tables: crm.people', tables('shop', 'crm', 'orders')],
    ['no tables at all, as of SELECT 1', 'tables: "shop.*"', {}],
    [
      'an anonymous result',
      'tables: "shop.*"',
      {
        query: {
          destinationTable: { projectId: 'shop', datasetId: `_${'0a'.repeat(20)}`, tableId: 'anon1' },
        },
      },
    ],
  ])('and %s is none', (_name, key, parts) => {
    expect(judged(by(key), family(parts))).toEqual({ findings: [], undecided: [] });
  });

  test('and all that hold are told, detectors first', () => {
    const policy =
      '- { name: a, sensitive: { principals: "ada@*", labels: { x: y }, detectors: [email, creditCard] }, purge: {} }';
    const parts = { sql: `SELECT '${CARD}', 'jane@example.com'`, configuration: { labels: { x: 'y' } } };
    expect(found(policy, family(parts))).toEqual([
      `a: creditCard ${QUERY_FIELD} 0, email ${QUERY_FIELD} 0, labels configuration.labels 0, principals user_email 0`,
    ]);
    expect(judged(policy, family(parts)).findings[0]?.sentence).toMatch(
      /^is sensitive \(creditCard in configuration\.query\.query, and 3 more\);/,
    );
  });
});

describe('a family is judged together', () => {
  const SCRIPT = { statistics: { numChildJobs: '2', query: { statementType: 'SCRIPT' } } };

  test('what a child holds makes the whole sensitive, told once, where it was found first', () => {
    const of = family(SCRIPT, {}, { sql: SQL }, { sql: SQL });
    expect(found(CARDS, of)).toEqual([`cards: creditCard ${QUERY_FIELD} 2`]);
    expect(membersOf(of)[2]?.job.name.jobId).toBe('script_job_2');
  });

  test('by the labels of a child, too', () => {
    const policy = '- { name: a, sensitive: { labels: { x: y } }, purge: {} }';
    expect(found(policy, family(SCRIPT, { configuration: { labels: { x: 'y' } } }))).toEqual([
      'a: labels configuration.labels 1',
    ]);
  });

  test('the match asks of the top-level job', () => {
    const policy = (types: string) =>
      `- { name: a, match: { statementTypes: ${types} }, sensitive: { detectors: creditCard }, purge: {} }`;
    expect(found(policy('SELECT'), family(SCRIPT, { sql: SQL }))).toEqual([]);
    expect(found(policy('SCRIPT'), family(SCRIPT, { sql: SQL }))).toHaveLength(1);
  });

  test.each([
    ['the top-level job', { ...SCRIPT, configuration: { labels: { keep: 'yes' } } }, {}],
    ['a child', SCRIPT, { configuration: { labels: { keep: 'yes' } } }],
  ])('an except that holds for %s exempts all', (_name, root, child) => {
    const policy = `- { name: a, except: { projects: shop, labels: { keep: "yes" } }, sensitive: { detectors: creditCard }, purge: {} }`;
    expect(found(policy, family({ ...root, sql: SQL }, { ...child, sql: SQL }))).toEqual([]);
  });

  test('how the top-level job ended says when', () => {
    const { findings } = judged(CARDS, family(SCRIPT, { sql: SQL, status: FAILED }));
    expect(findings).toMatchObject([{ dueAtMs: ENDED_AT_MS + 15 * MINUTE_MS }]);
  });

  test('the whole field in which a reason was found is to be had for a hash', () => {
    const of = family({ ...SCRIPT, sql: 'BEGIN … END' }, { sql: SQL });
    const [reason] = judged(CARDS, of).findings[0]?.because ?? [];
    expect(reason && foundText(of, reason)).toBe(SQL);
    expect(foundText(of, { detector: 'principals', field: 'user_email', memberAt: 0 })).toBeUndefined();
    expect(foundText(of, { detector: 'x', field: QUERY_FIELD, memberAt: 9 })).toBeUndefined();
  });
});

describe('nothing is found', () => {
  test.each<[string, string, JobParts]>([
    ['of a job that still runs', CARDS, { sql: SQL, status: { state: 'RUNNING' } }],
    ['of a child by itself', CARDS, { sql: SQL, statistics: { parentJobId: 'job_0' } }],
    ['of a dry run', CARDS, { sql: SQL, configuration: { dryRun: true } }],
    ['of a continuous query', CARDS, { sql: SQL, query: { continuous: true } }],
    [
      "of Google's own accounts",
      CARDS,
      { sql: SQL, own: { user_email: 'bigquery-adminbot@system.gserviceaccount.com' } },
    ],
    ['where no policy matches', CARDS.replace('{ name', '{ match: { projects: x }, name'), { sql: SQL }],
    ['by policies of other verbs', '- { name: a, action: alert, limit: { runtime: 1ms } }', { sql: SQL }],
  ])('%s', (_name, policies, parts) => {
    expect(judged(policies, family(parts))).toEqual({ findings: [], undecided: [] });
  });

  test.each<[string, string, JobParts]>([
    ['a dry run', 'dryRun: true', { configuration: { dryRun: true } }],
    ['a continuous query', 'continuous: true', { query: { continuous: true } }],
    [
      "Google's own accounts",
      'principals: "bigquery-adminbot@*"',
      { own: { user_email: 'bigquery-adminbot@system.gserviceaccount.com' } },
    ],
  ])('but of %s, where a policy names it', (_name, match, parts) => {
    const policy = CARDS.replace('{ name', `{ match: { ${match} }, name`);
    expect(found(policy, family({ ...parts, sql: SQL }))).toHaveLength(1);
  });
});

describe('what BigQuery does not tell', () => {
  const nobody = { own: { user_email: undefined } };

  const nowhere = { own: { jobReference: { projectId: 'shop', jobId: 'j' } } };

  test.each<[string, string, JobParts, readonly string[]]>([
    ['who ran it', CARDS, nobody, ['principal']],
    [
      'whether it matches',
      CARDS.replace('{ name', '{ match: { locations: EU }, name'),
      nowhere,
      ['location'],
    ],
    [
      'whether it is exempt',
      CARDS.replace('{ name', '{ except: { locations: EU }, name'),
      nowhere,
      ['location'],
    ],
    ['when it ended', CARDS, { statistics: { endTime: undefined } }, ['endTimeMs']],
    ['whether it is a child', CARDS, { own: { statistics: {} } }, ['parent', 'endTimeMs']],
  ])('%s leaves a policy undecided that would have it purged', (_name, policy, parts, fields) => {
    expect(judged(policy, family({ ...parts, sql: SQL }))).toEqual({
      findings: [],
      undecided: [{ policy: 'cards', mode: 'enforce', fields }],
    });
  });

  test('is of no account where nothing sensitive is found', () => {
    expect(judged(CARDS, family({ ...nobody }))).toEqual({ findings: [], undecided: [] });
  });

  test('and only "sensitive" asks for leaves it undecided, too', () => {
    const policy = '- { name: a, mode: observe, sensitive: { principals: "*@hr.com" }, purge: {} }';
    expect(judged(policy, family(nobody))).toEqual({
      findings: [],
      undecided: [{ policy: 'a', mode: 'observe', fields: ['principal'] }],
    });
  });
});

describe('of several policies', () => {
  const policy = (name: string, after: string, more = '') =>
    `- { name: ${name}, ${more}sensitive: { detectors: creditCard }, purge: { after: ${after} } }`;

  test('the one that is due first acts, and all are told', () => {
    const policies = [policy('a', '30d'), policy('b', '15m'), policy('c', '1h')].join('\n');
    const { findings, act } = judged(policies, family({ sql: SQL }));
    expect(findings.map((one) => one.policy)).toEqual(['b', 'c', 'a']);
    expect(act).toMatchObject({ policy: 'b', dueAtMs: ENDED_AT_MS + 15 * MINUTE_MS });
  });

  test('of equals the first in the file acts', () => {
    const policies = [policy('z', '1h'), policy('b', '1h')].join('\n');
    expect(judged(policies, family({ sql: SQL })).act).toMatchObject({ policy: 'z' });
  });

  test('one that observes comes after those in force, however soon it would act', () => {
    const policies = [policy('seen', '1m', 'mode: observe, '), policy('done', '1h')].join('\n');
    const { findings, act } = judged(policies, family({ sql: SQL }));
    expect(findings.map((one) => one.policy)).toEqual(['done', 'seen']);
    expect(act).toMatchObject({ policy: 'done', dueAtMs: ENDED_AT_MS + HOUR_MS });
  });

  test('each has its own pattern, though two have one name', () => {
    const own = (name: string, pattern: string) =>
      `- { name: ${name}, sensitive: { patterns: { id: '${pattern}' } }, purge: {} }`;
    const policies = [own('a', 'CUST-[0-9]+'), own('b', 'KUND-[0-9]+')].join('\n');
    expect(found(policies, family({ sql: "SELECT 'KUND-1'" }))).toEqual([`b: id ${QUERY_FIELD} 0`]);
    expect(found(policies, family({ sql: "SELECT 'CUST-1', 'KUND-1'" }))).toHaveLength(2);
  });
});
