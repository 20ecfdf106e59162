import { describe, expect, it, test } from 'vitest';
import { readPolicies } from '../../shared/policy/read-policies.ts';
import { brief, faultsOf } from './faults-of.ts';

/** `LINE:COL message` of the warnings of a policy whose keys after the name are these. */
function warningsOf(policy: string): readonly string[] {
  const text = `version: 1\npricing: { US: { usdPerTiB: 5 } }\npolicies:\n  - { name: a, ${policy} }\n`;
  return readPolicies(text, 'f').warnings.map(({ column, message }) => `${column} ${message}`);
}

const GOOD = 'limit: { runtime: 5m }, action: cancel';

describe('what is likely not meant is warned of, and the file is taken', () => {
  test.each([
    [
      'a cancel that can only meet copy jobs',
      'match: { jobTypes: COPY }, limit: { runtime: 5m }, action: cancel',
      [
        '67 policy "a" can only meet copy jobs, and a copy job cannot be stopped: it will be alerted, not cancelled',
      ],
    ],
    [
      'an alert that can only meet copy jobs is fine',
      'match: { jobTypes: COPY }, limit: { runtime: 5m }, action: alert',
      [],
    ],
    ['a cancel that can meet others too is fine', `match: { jobTypes: [COPY, QUERY] }, ${GOOD}`, []],
    [
      'an except made of labels alone',
      `except: [{ principals: x@y.z }, { labels: { w: exempt } }], ${GOOD}`,
      [
        '48 policy "a" exempts by labels alone, and any user can set a label: name principals or projects beside them',
      ],
    ],
    [
      'labels beside principals are fine',
      `except: { principals: x@y.z, labels: { w: exempt } }, ${GOOD}`,
      [],
    ],
    [
      'an except that takes all that the match gives',
      `match: { principals: x@y.z, jobTypes: QUERY }, except: { principals: [x@y.z] }, ${GOOD}`,
      ['71 policy "a" never fires: this "except" asks nothing beyond its "match"'],
    ],
    [
      'an alert on every job',
      'action: alert',
      ['13 policy "a" has neither a limit nor a match that narrows it: it fires on every job'],
    ],
    ['a cancel on its match alone is fine', 'match: { reservations: "*" }, action: cancel', []],
    [
      'a limit that these jobs do not have',
      'match: { jobTypes: [LOAD, COPY] }, limit: { estimatedBytes: 1 TiB }, action: cancel',
      ['60 policy "a" never crosses "limit.estimatedBytes": LOAD, COPY jobs do not have it'],
    ],
    [
      'words of queries where queries are left out',
      `match: { jobTypes: LOAD, priority: BATCH, statementTypes: SELECT, continuous: true }, ${GOOD}`,
      [
        '51 match of policy "a": only queries have "priority", and "jobTypes" leaves queries out; the policy never fires on it',
        '74 match of policy "a": only queries have "statementTypes", and "jobTypes" leaves queries out; the policy never fires on it',
        '94 match of policy "a": only queries are continuous, and "jobTypes" leaves queries out; the policy never fires on it',
      ],
    ],
    [
      'an exempted person who is no principal',
      `except: { principals: [x@y.z, oncall] }, ${GOOD}`,
      [
        '46 except of policy "a": "oncall" is no e-mail address, no principal and no pattern; it exempts nothing',
      ],
    ],
    [
      'a project id that cannot be',
      `match: { projects: My_Project }, ${GOOD}`,
      [
        '35 match of policy "a": "My_Project" holds a character that no project id has; the policy never fires on it',
      ],
    ],
    [
      'a reservation by its short name',
      `match: { reservations: etl }, ${GOOD}`,
      [
        '39 match of policy "a": "etl" is no full name (project:location.name) and no pattern; the policy never fires on it',
      ],
    ],
    [
      'a table without its dataset',
      `match: { referencedTables: orders }, ${GOOD}`,
      ['43 match of policy "a": "orders" is no dataset.table and no pattern; the policy never fires on it'],
    ],
    [
      'members of an IAM policy, and several principals in one',
      `match: { principals: ["user:ann@x.com", "serviceAccount:etl@p.iam.gserviceaccount.com", "a@x.com, b@x.com", "principal://pool/subject/7"] }, ${GOOD}`,
      [
        '38 match of policy "a": "user:ann@x.com" begins as a member of an IAM policy does, and a principal is the address alone; the policy never fires on it',
        '56 match of policy "a": "serviceAccount:etl@p.iam.gserviceaccount.com" begins as a member of an IAM policy does, and a principal is the address alone; the policy never fires on it',
        '104 match of policy "a": "a@x.com, b@x.com" holds a comma or a space, which no principal has; the policy never fires on it',
      ],
    ],
    [
      'a city where a location is wanted',
      `except: { locations: [Frankfurt, us, Region-EU, europe-west3, aws-us-east-1, azure-eastus2] }, ${GOOD}`,
      [
        '38 except of policy "a": "Frankfurt" has not the form of a location (US, EU, europe-west3); it exempts nothing',
      ],
    ],
    [
      'tables in forms that none has',
      `match: { referencedTables: ["my-proj:ds.table", "ds.t, ds.u", " ds.t", "a.b.c.d"] }, ${GOOD}`,
      [
        '44 match of policy "a": "my-proj:ds.table" holds a colon, and a project ends with a dot here; the policy never fires on it',
        '64 match of policy "a": "ds.t, ds.u" holds a comma or a space, which no table is named with; the policy never fires on it',
        '78 match of policy "a": " ds.t" holds a comma or a space, which no table is named with; the policy never fires on it',
        '87 match of policy "a": "a.b.c.d" has more parts than project.dataset.table; the policy never fires on it',
      ],
    ],
    [
      'tables in every form that there is are fine',
      `match: { destinationTables: ["ds.t", "p.ds.t", "example.com:p.ds.t", "*:p.ds.t", "*.a b", "p*.ds.*.x"] }, ${GOOD}`,
      [],
    ],
    [
      'an except whose patterns take in those of the match',
      `match: { principals: [a@x.com, "b*@X.com"], locations: us }, except: { principals: "*@x.com", locations: [region-us, EU] }, ${GOOD}`,
      ['85 policy "a" never fires: this "except" asks nothing beyond its "match"'],
    ],
    [
      'an except that takes in a part of the match is fine',
      `match: { principals: ["*@x.com", a@y.com] }, except: [{ principals: ["*a@x.com", "*@y.com"] }, { principals: "*@x.com", priority: BATCH }], ${GOOD}`,
      [],
    ],
    ['an except of words of queries is fine', `except: { priority: [BATCH, INTERACTIVE] }, ${GOOD}`, []],
    [
      'a label that BigQuery does not take',
      `match: { projects: p, labels: { Team: x, team: Ads } }, ${GOOD}`,
      [
        '54 match of policy "a": no label can hold "Team": capital letters, or over 63 characters; the policy never fires on it',
        '63 match of policy "a": no label can hold "Ads": capital letters, or over 63 characters; the policy never fires on it',
      ],
    ],
    [
      'a statement type that we do not know',
      `match: { statementTypes: [SELECT, SELEKT] }, ${GOOD}`,
      [
        '50 match of policy "a": "SELEKT" is no statement type known to this version, and is matched as written',
      ],
    ],
    [
      'a cost that passes over queries on demand',
      'limit: { cost: 5 USD }, action: cancel',
      [
        '25 policy "a" never crosses "limit.cost" for a query on demand, whose cost is known only when it has ended: add "basis: estimate", or match the reservations or editions that are meant',
      ],
    ],
    ['a cost by estimate is fine', 'limit: { cost: 5 USD, basis: estimate }, action: cancel', []],
    [
      'a cost of those on reservations is fine',
      'match: { reservations: "*.etl" }, limit: { cost: 5 USD }, action: cancel',
      [],
    ],
    [
      'a cost of those of an edition is fine',
      'match: { editions: STANDARD }, limit: { cost: 5 USD }, action: cancel',
      [],
    ],
    ['a cost of loads is fine', 'match: { jobTypes: LOAD }, limit: { cost: 5 USD }, action: cancel', []],
    [
      'a limit in money where no prices are known',
      'match: { locations: [EU, me-central2] }, limit: { projectedCost: 5 USD }, action: alert',
      [
        '41 policy "a" limits cost in me-central2, whose prices are not known: nothing there crosses it; give them under "pricing"',
      ],
    ],
    [
      'another limit where no prices are known is fine',
      'match: { locations: me-central2 }, limit: { slotTime: 5h }, action: cancel',
      [],
    ],
  ])('%s', (_name, policy, expected) => {
    expect(warningsOf(policy)).toEqual(expected);
  });
});

it('suggests what was probably meant', () => {
  const text = `version: 1\npolicies:\n  - { name: a, match: { statementTypes: SELEKT, reservations: etl }, ${GOOD} }\n`;
  expect(readPolicies(text, 'f').warnings.map(({ nearest }) => nearest)).toEqual(['SELECT', '*.etl']);
});

it('tells the warnings of a policy that has a fault too', () => {
  const text = `version: 1\npolicies:\n  - { name: a, match: { statementTypes: SELCT }, except: { principals: oncall }, action: cancle }\n`;
  expect(faultsOf(text).map(brief)).toEqual([
    '3:41 match of policy "a": "SELCT" is no statement type known to this version, and is matched as written',
    '3:72 except of policy "a": "oncall" is no e-mail address, no principal and no pattern; it exempts nothing',
    '3:90 action of policy "a": "cancle" is none of the words allowed here',
  ]);
});

it('warns of a file that watches nothing', () => {
  const { policies, warnings } = readPolicies('version: 1\npolicies: []\n', 'f');
  expect(policies.cancel).toEqual([]);
  expect(warnings.map(({ message }) => message)).toEqual(['the file has no policy: nothing is watched']);
});

it('warns of no prices that the file gives itself', () => {
  const text = `version: 1
pricing: { me-central2: { usdPerTiB: 7 } }
policies:
  - { name: a, action: alert, match: { locations: me-central2 }, limit: { projectedCost: 5 USD } }
`;
  expect(readPolicies(text, 'f').warnings).toEqual([]);
});

describe('limits in money that leave open where', () => {
  const COST = 'limit: { cost: 5 USD, basis: estimate }, action: cancel';
  const KNOWN =
    'US, EU, europe-west1, europe-west2, europe-west4, asia-northeast1, southamerica-east1 only: a job elsewhere never crosses it; give your prices under "pricing", or name "locations"';
  test.for([
    { name: 'one', policies: [`{ name: a, ${COST} }`], says: 'policy "a" limits cost everywhere' },
    {
      name: 'several, told at the first',
      policies: [
        '{ name: a, limit: { runtime: 5m }, action: cancel }',
        `{ name: b, ${COST} }`,
        `{ name: c, ${COST} }`,
      ],
      says: 'policies "b", "c" limit cost everywhere',
    },
    { name: 'not one that names locations', policies: [`{ name: a, match: { locations: EU }, ${COST} }`] },
    { name: 'not one that is set aside', policies: [`{ name: a, when: x, ${COST} }`] },
    { name: 'not where the file gives prices', policies: [`{ name: a, ${COST} }`], pricing: true },
  ])('$name', ({ policies, says, pricing = false }) => {
    const prices = pricing ? 'pricing: { US: { usdPerTiB: 5 } }\n' : '';
    const text = `version: 1\n${prices}policies:\n${policies.map((entry) => `  - ${entry}\n`).join('')}`;
    const told = readPolicies(text, 'f').warnings.filter(({ message }) => message.includes('everywhere'));
    expect(told.map(({ message }) => message)).toEqual(
      says === undefined ? [] : [`${says}, and prices are known for ${KNOWN}`],
    );
    if (says !== undefined) expect(told[0]?.line).toBe(policies.length > 1 ? 4 : 3);
  });
});
