import { describe, expect, test } from 'vitest';
import type { Job } from '../../shared/job/job.ts';
import { heldBy as heldFamily, holdOn } from '../../shared/judge/held.ts';
import { NO_HOLDS } from '../../shared/policy/holds/holds.ts';
import { attemptId } from '../../shared/retry/attempt-id.ts';
import { without } from './judging.ts';
import { ENDED_AT_MS, family, HOUR_MS, holdsOf, type JobParts, member } from './judging-purges.ts';

const NOW_MS = Date.UTC(2026, 8, 2);

const hold = (match: string, more = 'until: indefinite', id = 'a') =>
  `- { id: ${id}, reason: r, ${more}, match: { ${match} } }`;

function heldBy(holds: string, job: Job, nowMs = NOW_MS): string | undefined {
  return holdOn([job], holdsOf(holds), nowMs)?.id;
}

const job = (parts: JobParts = {}): Job => member(parts).job;
const CREATED = new Date(ENDED_AT_MS - HOUR_MS).toISOString();

describe('a hold takes', () => {
  test.each<[string, string, Job]>([
    ['a job by its name', 'jobs: "shop:US.job_1"', job()],
    ['a job by its name in any location', 'jobs: "shop:job_1"', job()],
    ['one of several jobs', 'jobs: ["shop:US.x", projects/shop/jobs/job_1]', job()],
    ['jobs of a project', 'projects: "sh*"', job()],
    ['jobs of a person', 'principals: ADA@example.com', job()],
    ['jobs with labels', 'labels: { case: "17*" }', job({ configuration: { labels: { case: '17-a' } } })],
    ['jobs that were created within days', 'created: { from: 2026-09-01, to: 2026-09-01 }', job()],
    ['jobs that were created since an instant', `created: { from: "${CREATED}" }`, job()],
    ['jobs that were created until an instant', `created: { to: "${CREATED}" }`, job()],
    [
      'all that its keys agree on',
      'projects: shop, jobs: "shop:job_1", created: { from: 2026-01-01 }',
      job(),
    ],
    [
      'an attempt of the job',
      'jobs: "shop:US.job_1"',
      job({ jobId: attemptId({ projectId: 'shop', location: 'US', jobId: 'job_1' }, 2) ?? '' }),
    ],
    ['who does not tell his name', 'principals: jane@example.com', without(job(), 'principal')],
    [
      'what does not tell when it was created',
      'created: { to: 2020-01-01 }',
      without(job(), 'creationTimeMs'),
    ],
    ['what does not tell what it reads', 'referencedTables: crm.people', job()],
  ])('%s', (_name, match, of) => {
    expect(heldBy(hold(match), of)).toBe('a');
  });
});

describe('a hold does not take', () => {
  test.each<[string, string, Job]>([
    ['another job', 'jobs: "shop:US.job_2"', job()],
    ['a job of that id elsewhere', 'jobs: "shop:EU.job_1"', job()],
    ['another person', 'principals: jane@example.com', job()],
    ['what one of its keys speaks against', 'projects: shop, principals: jane@example.com', job()],
    [
      'what was created a millisecond before',
      `created: { from: "${CREATED.replace('.000', '.001')}" }`,
      job(),
    ],
    ['what was created on the day after', 'created: { to: 2026-08-31 }', job()],
    ['who only calls a job an attempt', 'jobs: "shop:US.job_1"', job({ jobId: 'job_1_wdr1_0123456789ab' })],
  ])('%s', (_name, match, of) => {
    expect(heldBy(hold(match), of)).toBeUndefined();
  });
});

test.each<[string, string, number, string | undefined]>([
  ['the last moment of its last day', '2026-09-02', Date.UTC(2026, 8, 3) - 1, 'a'],
  ['and no longer', '2026-09-02', Date.UTC(2026, 8, 3), undefined],
  ['its instant', '"2026-09-02T12:00:00+02:00"', Date.UTC(2026, 8, 2, 10), 'a'],
  ['and no millisecond more', '"2026-09-02T12:00:00+02:00"', Date.UTC(2026, 8, 2, 10) + 1, undefined],
])('a hold holds until %s', (_name, until, nowMs, expected) => {
  expect(heldBy(hold('projects: shop', `until: ${until}`), job(), nowMs)).toBe(expected);
});

test('of several the one that lasts longest is told, of equals the first', () => {
  const holds = [
    hold('projects: other', 'until: indefinite', 'elsewhere'),
    hold('projects: shop', 'until: 2026-10-01', 'short'),
    hold('projects: shop', 'until: indefinite', 'long'),
    hold('projects: "*"', 'until: indefinite', 'equal'),
    hold('projects: shop', 'until: 2026-12-01', 'middle'),
  ].join('\n');
  expect(heldBy(holds, job())).toBe('long');
});

test('a family is held when any of it is, and nothing without holds', () => {
  const jobs = [job(), job({ jobId: 'script_job_1' })];
  const holds = holdsOf(hold('jobs: "shop:script_job_1"'));
  expect(holdOn(jobs, holds, NOW_MS)?.id).toBe('a');
  expect(holdOn(jobs.slice(0, 1), holds, NOW_MS)).toBeUndefined();
  expect(holdOn(jobs, NO_HOLDS, NOW_MS)).toBeUndefined();
});

describe('children that nobody could look at', () => {
  const BEFORE = new Date(ENDED_AT_MS - HOUR_MS - 1).toISOString();
  const AFTER = new Date(ENDED_AT_MS + 1).toISOString();
  const ENDED = new Date(ENDED_AT_MS).toISOString();
  const heldOf = (match: string, unseen = 2) =>
    heldFamily({ ...family({}, {}), unseen }, holdsOf(hold(match)), NOW_MS);

  test.each([
    ['any name of the project and location', 'jobs: "shop:US.job_2"'],
    ['any name of the project', 'jobs: "shop:job_2"'],
    ['anybody', 'principals: jane@example.com'],
    ['what was created up to its end', `created: { from: "${ENDED}" }`],
  ])('may be taken by a hold on %s', (_name, match) => {
    expect(heldOf(match)).toEqual({ hold: 'a', unseen: 2 });
    expect(heldOf(match, 0)?.unseen).toBeUndefined();
  });

  test.each([
    ['a name of another project', 'jobs: "other:US.job_2"'],
    ['a name of another location', 'jobs: "shop:EU.job_2"'],
    ['another project', 'projects: other'],
    ['what was created before it', `created: { to: "${BEFORE}" }`],
    ['what was created after its end', `created: { from: "${AFTER}" }`],
  ])('are not taken by a hold on %s', (_name, match) => {
    expect(heldOf(match)).toBeUndefined();
  });

  test('do not hide that the job itself is on hold', () => {
    expect(heldOf('jobs: "shop:US.job_1"')).toEqual({ hold: 'a' });
  });
});
