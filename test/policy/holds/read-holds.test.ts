import { describe, expect, it, test } from 'vitest';
import { HoldsFileError } from '../../../shared/policy/errors.ts';
import type { Hold } from '../../../shared/policy/holds/holds.ts';
import { readHolds } from '../../../shared/policy/holds/read-holds.ts';
import { brief } from '../faults-of.ts';

const DAY_MS = 86_400_000;
const GOOD = 'id: case-1, reason: Litigation ACME, until: indefinite, match: { projects: shop }';

function file(...holds: readonly string[]): string {
  return `version: 1\nholds:\n${holds.map((hold) => `  - { ${hold} }\n`).join('')}`;
}

function hold(text: string): Hold {
  const [only, ...others] = readHolds(file(text), 'holds.yaml').all;
  if (only === undefined || others.length > 0) throw new Error('not one hold');
  return only;
}

function faultsOf(text: string): readonly string[] {
  try {
    readHolds(text, 'holds.yaml');
    return [];
  } catch (error) {
    if (error instanceof HoldsFileError) return error.faults.map(brief);
    throw error;
  }
}

describe('a file of holds', () => {
  it('has each hold as it is written, in the order of the file', () => {
    const text = `version: 1
# who may change this file is said in docs/purge.md
holds:
  - id: case-2026-17
    reason: Litigation ACME, do not delete
    until: 2027-01-31
    by: jane@example.com
    match:
      jobs: ["shop:EU.job_1", "example.com:old:job_2"]
      principals: "*@Sales.example.com"
      created: { from: 2026-01-01, to: 2026-03-31 }
  - { ${GOOD} }
`;
    const { all } = readHolds(text, 'holds.yaml');
    expect(all.map(({ id }) => id)).toEqual(['case-2026-17', 'case-1']);
    expect(all[0]).toEqual({
      id: 'case-2026-17',
      reason: 'Litigation ACME, do not delete',
      untilMs: Date.UTC(2027, 1, 1) - 1,
      by: 'jane@example.com',
      jobs: [
        { projectId: 'shop', location: 'EU', jobId: 'job_1' },
        { projectId: 'example.com:old', jobId: 'job_2' },
      ],
      created: { fromMs: Date.UTC(2026, 0, 1), toMs: Date.UTC(2026, 3, 1) - 1 },
      match: { principals: [expect.objectContaining({ text: '*@Sales.example.com' })] },
    });
    expect(all[1]).not.toHaveProperty('untilMs');
  });

  it('may hold nothing', () => {
    expect(readHolds('version: 1\nholds: []\n', 'f').all).toEqual([]);
  });

  it('is told from another by its generation', () => {
    const generations = [file(GOOD), file(GOOD), file(GOOD, GOOD.replace('case-1', 'case-2'))].map(
      (text) => readHolds(text, 'f').generation,
    );
    expect(generations[0]).toBe(generations[1]);
    expect(generations[0]).not.toBe(generations[2]);
  });

  it('may take all keys of a match, and everything when it says so', () => {
    expect(hold(GOOD.replace('shop', '"*"')).match.projects).toHaveLength(1);
    const all = `projects: p, locations: [US, region-eu], principals: a@b.c, jobTypes: QUERY, statementTypes: SELECT,
      priority: BATCH, labels: { a: b }, reservations: "*.x", editions: STANDARD, referencedTables: a.b,
      destinationTables: a.b, continuous: true, dryRun: false, jobs: "p:j", created: { from: 2026-01-01 }`;
    const { match, jobs, created } = hold(GOOD.replace('projects: shop', all));
    expect(Object.keys(match)).toHaveLength(13);
    expect(match.locations).toEqual(['US', 'EU']);
    expect({ jobs: jobs?.length, created }).toEqual({ jobs: 1, created: { fromMs: Date.UTC(2026, 0, 1) } });
  });

  test.each<[string, number | undefined]>([
    ['indefinite', undefined],
    ['2026-02-28', Date.UTC(2026, 2, 1) - 1],
    ['2028-02-29', Date.UTC(2028, 2, 1) - 1],
    ['"2026-02-28T00:00:00Z"', Date.UTC(2026, 1, 28)],
    ['"2026-02-28T12:30+02:00"', Date.UTC(2026, 1, 28, 10, 30)],
    ['"2026-02-28T12:30:15.250Z"', Date.UTC(2026, 1, 28, 12, 30, 15, 250)],
    ['1999-12-31', Date.UTC(2000, 0, 1) - 1],
  ])('whose end is %s', (until, expected) => {
    expect(hold(GOOD.replace('indefinite', until)).untilMs).toBe(expected);
  });

  it('counts a day of creation whole, and an instant as it is', () => {
    const created = (range: string) => hold(GOOD.replace('projects: shop', `created: { ${range} }`)).created;
    const day = Date.UTC(2026, 0, 1);
    expect(created('from: 2026-01-01, to: 2026-01-01')).toEqual({ fromMs: day, toMs: day + DAY_MS - 1 });
    expect(created('from: "2026-01-01T00:00Z", to: "2026-01-01T00:00Z"')).toEqual({ fromMs: day, toMs: day });
  });
});

describe('is refused', () => {
  const match = (own: string) => GOOD.replace('projects: shop', own);
  const until = (text: string) => GOOD.replace('indefinite', text);
  const own = (hold: string, ...expected: readonly string[]) => [file(hold), expected] as const;

  test.each<[string, readonly [string, readonly string[]]]>([
    ['as an empty file', ['', ['1:1 the file is empty']]],
    [
      'as no YAML',
      ['holds: [', expect.arrayContaining([expect.stringMatching(/^\d:\d+ this is no valid YAML/)])],
    ],
    ['without a version', ['holds: []\n', ['1:1 the file has no "version"']]],
    ['without holds', ['version: 1\n', ['1:1 the file has no "holds"']]],
    ['of another version', ['version: 2\nholds: []\n', ['1:10 version: 2 must be 1']]],
    ['with holds that are no list', ['version: 1\nholds:\n', ['2:7 holds: an empty value is no list']]],
    ['with an unknown key', ['version: 1\nhold: []\nholds: []\n', ['2:1 unknown key "hold" in the file']]],
    ['with a hold that is none', ['version: 1\nholds: [x]\n', ['2:9 hold number 1: "x" is no map of keys']]],
    [
      'with a hold that says nothing',
      own(
        '',
        '3:5 hold number 1 has no "id"',
        '3:5 hold number 1 has no "reason"',
        '3:5 hold number 1 has no "until"',
        '3:5 hold number 1 has no "match"',
      ),
    ],
    [
      'with an id that is none',
      own(GOOD.replace('case-1', '"a b"'), '3:11 id of hold "a b": "a b" is no id for a hold'),
    ],
    [
      'with an empty reason',
      own(GOOD.replace('Litigation ACME', '""'), '3:27 reason of hold "case-1": "" is empty'),
    ],
    [
      'with an end that is a number',
      own(until('2027'), '3:51 until of hold "case-1": 2027 is neither a date nor an instant'),
    ],
    [
      'with a day that there is not',
      own(until('2027-02-29'), '3:51 until of hold "case-1": "2027-02-29" is no day of the calendar'),
    ],
    [
      'with a month that there is not',
      own(until('2027-13-01'), '3:51 until of hold "case-1": "2027-13-01" is no day of the calendar'),
    ],
    [
      'with an instant on such a day',
      own(
        until('"2027-02-29T00:00Z"'),
        '3:51 until of hold "case-1": "2027-02-29T00:00Z" is no day of the calendar',
      ),
    ],
    [
      'with an instant without a zone',
      own(
        until('"2027-01-31T12:00"'),
        '3:51 until of hold "case-1": "2027-01-31T12:00" is neither a date nor an instant',
      ),
    ],
    [
      'with a time that there is not',
      own(
        until('"2027-01-31T25:00Z"'),
        '3:51 until of hold "case-1": "2027-01-31T25:00Z" is no time of a day',
      ),
    ],
    [
      'with a duration for an end',
      own(until('30d'), '3:51 until of hold "case-1": "30d" is neither a date nor an instant'),
    ],
    [
      'with an empty match',
      own(
        GOOD.replace('{ projects: shop }', '{}'),
        '3:63 hold "case-1" has an empty "match", which would hold every job',
      ),
    ],
    ['with a misspelt key of its own', own(`${GOOD}, unitl: x`, '3:90 unknown key "unitl" in hold "case-1"')],
    [
      'with a misspelt key of the match',
      own(match('projets: shop'), '3:72 unknown key "projets" in match of hold "case-1"'),
    ],
    [
      'with a misspelt key of the range',
      own(
        match('created: { since: 2026-01-01 }'),
        '3:83 unknown key "since" in match.created of hold "case-1"',
      ),
    ],
    ['with an empty range', own(match('created: {}'), '3:72 hold "case-1" has an empty "created"')],
    [
      'with a range that ends before it begins',
      own(
        match('created: { from: 2026-01-02, to: 2026-01-01 }'),
        '3:72 hold "case-1" has a "created" that ends ("to") before it begins ("from")',
      ),
    ],
    [
      'with a job without its project',
      own(
        match('jobs: [job_1, "shop:j", 5]'),
        '3:79 match.jobs of hold "case-1": "job_1" is no job\'s name: it names no project',
        '3:96 match.jobs of hold "case-1": 5 is no job\'s name: a job id is 1 to 1,024 letters, digits, "_" and "-"',
      ),
    ],
    [
      'with a principal that nobody is',
      own(
        match('principals: "user:ann@x.com"'),
        '3:84 match of hold "case-1": "user:ann@x.com" begins as a member of an IAM policy does, and a principal is the address alone; it holds nothing',
      ),
    ],
    [
      'with a label that no job has',
      own(
        match('labels: { Case: x }'),
        '3:88 match of hold "case-1": no label can hold "Case": capital letters, or over 63 characters; it holds nothing',
      ),
    ],
    [
      'with two of one id',
      [file(GOOD, GOOD), ['4:11 two holds have the id "case-1", the first in line 3; rename one']],
    ],
  ])('%s', (_name, [text, expected]) => {
    expect(faultsOf(text)).toEqual(expected);
  });

  it('for all its faults at once, in the order of the file', () => {
    const text = file(
      until('soon'),
      `id: case-2, match: { principals: oncall }`,
      match('projects: shop, job: x'),
    );
    expect(faultsOf(text)).toEqual([
      '3:51 until of hold "case-1": "soon" is neither a date nor an instant',
      '4:5 hold "case-2" has no "reason"',
      '4:5 hold "case-2" has no "until"',
      '4:40 match of hold "case-2": "oncall" is no e-mail address, no principal and no pattern; it holds nothing',
      '5:11 two holds have the id "case-1", the first in line 3; rename one',
      '5:88 unknown key "job" in match of hold "case-1"',
    ]);
  });

  it('with what is allowed and what was meant', () => {
    try {
      readHolds(file(until('Indefinite')), 'holds.yaml');
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof HoldsFileError)) throw error;
      expect(error.message).toBe(
        'holds.yaml:3:51: until of hold "case-1": "Indefinite" is neither a date nor an instant',
      );
      expect(error.faults).toMatchObject([
        {
          nearest: 'indefinite',
          allowed:
            'a date such as 2027-01-31 (a day in UTC), or an instant such as 2027-01-31T12:00:00Z, or indefinite',
        },
      ]);
      expect(error.name).toBe('HoldsFileError');
    }
  });
});
