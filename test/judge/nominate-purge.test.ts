import { describe, expect, test } from 'vitest';
import { readListItem } from '../../shared/job/from-rest.ts';
import type { Job } from '../../shared/job/job.ts';
import { mayBeSensitive } from '../../shared/judge/nominate-purge.ts';
import { without } from './judging.ts';
import { CARD, FAILED, family, type JobParts, jobResource, judged, policiesOf } from './judging-purges.ts';

/** A job that ended as a list tells it. */
const listed = (parts: JobParts = {}): Job => readListItem(jobResource(parts));
const by = (sensitive: string, more = '') => `- { name: a, ${more}sensitive: { ${sensitive} }, purge: {} }`;
const nominates = (job: Job, policies: string): boolean => mayBeSensitive(job, policiesOf(policies));

const CRM = { projectId: 'shop', datasetId: 'crm', tableId: 'people' };
const reads = (statementType: string, ...referencedTables: readonly object[]): JobParts => ({
  query: { destinationTable: { ...CRM, datasetId: 'out' } },
  statistics: { query: { statementType, referencedTables } },
});
const SCRIPT = reads('SCRIPT', { ...CRM, datasetId: 'x' });
const LOAD: JobParts = {
  configuration: {
    jobType: 'LOAD',
    query: undefined,
    load: { destinationTable: { ...CRM, datasetId: 'x' } },
  },
  statistics: { query: undefined, load: {} },
};

describe('a job that ended is looked at', () => {
  test.each<[string, string, Job]>([
    ['for its texts, of which nobody but a look tells all', by('detectors: creditCard'), listed()],
    [
      'as a child, for its parent',
      by('labels: { x: y }', 'match: { projects: z }, '),
      {
        ...listed(),
        parent: { projectId: 'shop', jobId: 'script' },
      },
    ],
    ['for its labels', by('labels: { x: "*" }'), listed({ configuration: { labels: { x: 'y' } } })],
    ['for labels that nobody tells', by('labels: { x: y }'), without(listed(LOAD), 'labels')],
    ['for labels that a child may have', by('labels: { x: y }'), listed(SCRIPT)],
    ['for who ran it', by('principals: "ada@*"'), listed()],
    ['when nobody tells who ran it', by('principals: "jane@*"'), without(listed(), 'principal')],
    ['for what it reads', by('tables: crm.people'), listed(reads('SELECT', CRM))],
    ['for what it writes', by('datasets: out'), listed(reads('SELECT', { ...CRM, datasetId: 'x' }))],
    ['when nobody tells what it reads', by('datasets: crm'), listed()],
    ['for tables that a child may read', by('datasets: crm'), listed(SCRIPT)],
    ['for tables of a call', by('tables: crm.people'), listed(reads('CALL'))],
    [
      'of a kind that nobody tells',
      by('tables: crm.people'),
      without(listed(reads('SELECT')), 'statementType'),
    ],
  ])('%s', (_name, policies, job) => {
    expect(nominates(job, policies)).toBe(true);
  });
});

describe('a job costs no look', () => {
  test.each<[string, string, Job]>([
    ['that has not ended', by('detectors: creditCard'), listed({ status: { state: 'RUNNING' } })],
    ['that no policy matches', by('detectors: creditCard', 'match: { projects: z }, '), listed()],
    ['that an except names', by('detectors: creditCard', 'except: { projects: shop }, '), listed()],
    ['that is a dry run', by('detectors: creditCard'), listed({ configuration: { dryRun: true } })],
    ['of other people', by('principals: "jane@*"'), listed(SCRIPT)],
    ['with other labels', by('labels: { x: y }'), listed(reads('SELECT', CRM))],
    ['of other tables', by('tables: crm.x, datasets: hr'), listed(reads('INSERT', CRM))],
    ['that loads into other tables', by('tables: crm.people'), listed(LOAD)],
    ['where no policy purges', '- { name: a, action: alert, limit: { runtime: 1m } }', listed()],
  ])('%s', (_name, policies, job) => {
    expect(nominates(job, policies)).toBe(false);
  });
});

const PARTS: readonly (readonly [string, JobParts])[] = [
  ['a query', { sql: `SELECT '${CARD}'` }],
  ['a failure', { sql: `SELECT '${CARD}'`, status: FAILED }],
  ['a query of nobody', { sql: `SELECT '${CARD}'`, own: { user_email: undefined } }],
  ['a query of a table', reads('SELECT', CRM)],
  ['a script', SCRIPT],
  ['a load', LOAD],
  ['labels', { configuration: { labels: { x: 'y' } } }],
];

const POLICIES = [
  by('detectors: [creditCard, email]'),
  by('labels: { x: y }'),
  by('principals: "ada@*"'),
  by('datasets: [crm, x]'),
  by('tables: "*.crm.*"'),
  by('detectors: creditCard', 'match: { projects: shop, locations: US }, '),
  by('labels: { x: y }', 'except: { editions: STANDARD, projects: shop }, '),
];

describe.each(PARTS)('of %s', (_name, parts) => {
  test.each(POLICIES)('a list acquits nothing that a look finds: %s', (policy) => {
    const children: readonly JobParts[] = [
      {},
      { configuration: { labels: { x: 'y' } } },
      reads('SELECT', CRM),
    ];
    const isScript = parts === SCRIPT;
    const { findings, undecided } = judged(policy, family(parts, ...(isScript ? children : [])));
    if (findings.length + undecided.length > 0) expect(nominates(listed(parts), policy)).toBe(true);
  });
});
