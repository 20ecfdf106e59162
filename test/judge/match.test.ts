import { describe, expect, test } from 'vitest';
import type { Job } from '../../shared/job/job.ts';
import { judged, NOW_MS, runningQuery, without } from './judging.ts';

/** Whether a policy with this `match` fires on the job. */
function fires(match: string, job: Job, more = ''): boolean {
  const { findings } = judged(`- { name: p, match: { ${match} }${more}, action: alert }`, job);
  return findings.length > 0;
}

const hr = { projectId: 'my-project', datasetId: 'hr_pay', tableId: 'salaries' };
const elsewhere = { projectId: 'lake', datasetId: 'raw', tableId: 'events' };

describe('a match holds when every key holds, and a key when any of its values does', () => {
  const cases: { match: string; job?: Partial<Job>; holds: boolean }[] = [
    { match: 'jobTypes: [LOAD, QUERY]', holds: true },
    { match: 'jobTypes: LOAD', holds: false },
    { match: 'principals: "*@example.com"', holds: true },
    { match: 'principals: ["*@example.org", "ada@*"]', holds: true },
    { match: 'principals: "da@example"', holds: false },
    { match: 'priority: INTERACTIVE', holds: true },
    { match: 'priority: BATCH', holds: false },
    { match: 'priority: BATCH', job: { type: 'LOAD' }, holds: false },
    { match: 'statementTypes: [SELECT]', holds: true },
    { match: 'statementTypes: [MERGE]', holds: false },
    { match: 'projects: "my-*"', holds: true },
    { match: 'projects: "your-*"', holds: false },
    { match: 'locations: us', holds: true },
    { match: 'locations: [EU, europe-west2]', holds: false },
    { match: 'locations: region-us', holds: true },
    { match: 'locations: [Region-EU, US]', holds: true },
    { match: 'labels: { team: a }', job: { labels: new Map([['team', 'a']]) }, holds: true },
    { match: 'labels: { team: a, env: dev }', job: { labels: new Map([['team', 'a']]) }, holds: false },
    { match: 'labels: { team: "a*" }', job: { labels: new Map([['team', 'alpha']]) }, holds: true },
    { match: 'labels: { "__proto__": x }', job: { labels: new Map([['__proto__', 'x']]) }, holds: true },
    { match: 'labels: { "__proto__": "*" }', holds: false },
    { match: 'reservations: "*"', holds: false },
    { match: 'reservations: "admin:US.*"', job: { reservation: 'admin:US.etl' }, holds: true },
    { match: 'editions: ENTERPRISE', job: { edition: 'ENTERPRISE' }, holds: true },
    { match: 'editions: ENTERPRISE', job: { edition: null }, holds: false },
    { match: 'referencedTables: "hr_*.*"', job: { referencedTables: [elsewhere, hr] }, holds: true },
    { match: 'referencedTables: "raw.*"', job: { referencedTables: [elsewhere] }, holds: false },
    { match: 'referencedTables: "lake.raw.*"', job: { referencedTables: [elsewhere] }, holds: true },
    { match: 'destinationTables: "my-project.hr_pay.salaries"', job: { destinationTable: hr }, holds: true },
    { match: 'destinationTables: "*"', job: { destinationTable: null }, holds: false },
  ];
  test.each(cases)('$match → $holds', ({ match, job, holds }) => {
    expect(fires(match, runningQuery(job))).toBe(holds);
  });

  test('one key that fails is enough, whatever the others', () => {
    expect(fires('jobTypes: QUERY, priority: BATCH', runningQuery())).toBe(false);
  });
});

describe('an except exempts', () => {
  const policy = (except: string) =>
    `- { name: p, match: { jobTypes: QUERY }, except: ${except}, action: alert }`;
  test('when all its keys hold', () => {
    const oncall = policy('{ principals: ["ada@*"], priority: INTERACTIVE }');
    expect(judged(oncall, runningQuery()).findings).toEqual([]);
    expect(judged(oncall, runningQuery({ priority: 'BATCH' })).findings).toHaveLength(1);
  });
  test('when any one of a list does', () => {
    const list = policy('[{ principals: ["bob@*"] }, { principals: ["ada@*"] }]');
    expect(judged(list, runningQuery()).findings).toEqual([]);
  });
  test('also when it only may hold: an unknown label is asked for, and nothing is done without it', () => {
    const labelled = policy('{ labels: { watchdog: exempt }, principals: ["*"] }');
    const unknown = without(runningQuery(), 'labels');
    expect(judged(labelled, unknown, { looked: false })).toMatchObject({ findings: [], needs: ['labels'] });
    expect(judged(labelled, unknown)).toMatchObject({ findings: [] });
  });
});

describe('a location that nobody tells', () => {
  const nowhere = runningQuery({ name: { projectId: 'my-project', jobId: 'job_1' } });
  test.each(['match: { locations: US }', 'except: { locations: [US] }'])(
    'is asked for under %s, and nothing is done without it',
    (words) => {
      const policy = `- { name: p, ${words}, limit: { runtime: 5m }, action: cancel }`;
      expect(judged(policy, nowhere, { looked: false })).toMatchObject({ findings: [], needs: ['location'] });
      expect(judged(policy, nowhere)).toMatchObject({ findings: [], needs: ['location'] });
      const lackedAtMs = [NOW_MS - 70_000, NOW_MS - 65_000, NOW_MS - 50_000, NOW_MS - 5_000];
      const verdict = judged(policy, nowhere, { lackedAtMs });
      expect(verdict).toMatchObject({ findings: [], undecided: [{ policy: 'p', fields: ['location'] }] });
      expect(verdict.act).toBeUndefined();
    },
  );
  test('an exemption by location holds however it is written', () => {
    const policy =
      '- { name: p, match: { jobTypes: QUERY }, except: { locations: [region-us] }, action: alert }';
    expect(judged(policy, runningQuery()).findings).toEqual([]);
  });
});

describe('exempt by nature, unless a policy names them (rule 1)', () => {
  const agent = 'bigquery-adminbot@system.gserviceaccount.com';
  const transfer = 'service-123@gcp-sa-bigquerydatatransfer.iam.gserviceaccount.com';
  const cases: { name: string; match: string; job: Partial<Job>; fires: boolean }[] = [
    { name: "Google's agent", match: 'jobTypes: QUERY', job: { principal: agent }, fires: false },
    { name: 'a service agent', match: 'jobTypes: QUERY', job: { principal: transfer }, fires: false },
    { name: 'an agent under *', match: 'principals: "*"', job: { principal: agent }, fires: false },
    { name: 'a named agent', match: `principals: "${agent}"`, job: { principal: agent }, fires: true },
    {
      name: 'a globbed agent',
      match: 'principals: "*@system.gserviceaccount.com"',
      job: { principal: agent },
      fires: true,
    },
    {
      name: "an owner's account",
      match: 'jobTypes: QUERY',
      job: { principal: 'etl@p.iam.gserviceaccount.com' },
      fires: true,
    },
    { name: 'a continuous query', match: 'jobTypes: QUERY', job: { continuous: true }, fires: false },
    { name: 'a named continuous query', match: 'continuous: true', job: { continuous: true }, fires: true },
    { name: 'a dry run', match: 'jobTypes: QUERY', job: { dryRun: true }, fires: false },
    { name: 'a named dry run', match: 'dryRun: true', job: { dryRun: true }, fires: true },
  ];
  test.each(cases)('$name → $fires', ({ match, job, fires: expected }) => {
    expect(fires(match, runningQuery(job))).toBe(expected);
  });
  test.each([
    'service-1@dlp-api.iam.gserviceaccount.com',
    'service-1@dataflow-service-producer-prod.iam.gserviceaccount.com',
    'service-1@cloudcomposer-accounts.iam.gserviceaccount.com',
    'service-1@cloud-ml.google.com.iam.gserviceaccount.com',
    'service-org-1@security-center-api.iam.gserviceaccount.com',
    'Service-1@DLP-api.iam.gserviceaccount.com',
    '1@cloudservices.gserviceaccount.com',
    'p1-2@gcp-sa-cloud-sql.iam.gserviceaccount.com',
    'service-p1@gcp-sa-accessapproval.iam.gserviceaccount.com',
    'bq-1@bigquery-encryption.iam.gserviceaccount.com',
    'firebase-service-account@firebase-sa-management.iam.gserviceaccount.com',
    'search-console-data-export@system.gserviceaccount.com',
  ])('%s is an agent, which only its name or its whole domain names', (principal) => {
    const job = runningQuery({ principal });
    const [account = '', domain = ''] = principal.split('@');
    for (const glob of ['*', '*@*', '**@*.*', '*-*', '*@*.gserviceaccount.com', '*.gserviceaccount.com']) {
      expect(fires(`principals: "${glob}"`, job), glob).toBe(false);
    }
    for (const glob of [principal, `*@${domain}`, `${account}@*`, `${account.slice(0, 1)}*`]) {
      expect(fires(`principals: "${glob}"`, job), glob).toBe(true);
    }
  });
  test.each([
    'etl@user-project.iam.gserviceaccount.com',
    'service-etl@user-project.iam.gserviceaccount.com',
    'service-1-etl@user-project.iam.gserviceaccount.com',
    '1-compute@developer.gserviceaccount.com',
    'user-project@appspot.gserviceaccount.com',
    'service-1@example.com',
    'etl@my-gcp-sa-x.iam.gserviceaccount.com',
    'system.gserviceaccount.com@example.com',
  ])("%s is an owner's account", (principal) => {
    expect(fires('jobTypes: QUERY', runningQuery({ principal }))).toBe(true);
  });
  test('a look that does not tell who runs the job leaves it alone', () => {
    expect(fires('jobTypes: QUERY', without(runningQuery(), 'principal'))).toBe(false);
  });
});
