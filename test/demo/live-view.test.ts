import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { LiveView } from '../../demo/live-view.ts';
import type { Paint } from '../../demo/paint.ts';
import type { JobStep } from '../../shared/alert/alert.schema.ts';
import { jobAlert } from '../../shared/alert/job-alert.ts';
import type { Job } from '../../shared/job/job.ts';
import { readPolicies } from '../../shared/policy/read-policies.ts';

const NOW_MS = Date.UTC(2026, 7, 3, 9, 41);
const SHORT = readPolicies(
  'version: 1\npolicies:\n  - { name: short, match: { principals: ["*@example.com"] }, limit: { runtime: 30m }, action: cancel }\n',
  'test.yaml',
);
const PLAIN: Paint = {
  strong: String,
  faint: String,
  caution: String,
  alarm: String,
  ofStep: (_, text) => text,
};

const MONEY = {
  spending: { spentUsd: 1_234.5, upToUsd: 220, unknown: 3 },
  saved: { jobs: 2, runMs: 0, slotMs: 0, upToUsd: 567.8, unknownCost: 0, endless: 0, unstarted: 0 },
};

function jobRunning(minutes: number, jobId: string): Job {
  return {
    name: { projectId: 'shop-prod', location: 'US', jobId },
    state: 'RUNNING',
    type: 'QUERY',
    principal: 'ana@example.com',
    creationTimeMs: NOW_MS - minutes * 60_000,
    startTimeMs: NOW_MS - minutes * 60_000,
  };
}

/** The lines of a frame on a terminal of that size, with these jobs, cancelled from the last to the first, and what was told of each then. */
function drawn(
  columns: number,
  rows: number,
  jobs: readonly Job[],
  policies = SHORT.policies,
  then: readonly JobStep[] = [],
): readonly string[] {
  let lines: readonly string[] = [];
  const screen = {
    size: () => ({ columns, rows }),
    open: () => undefined,
    draw: (frame: readonly string[]) => {
      lines = frame.map(stripVTControlCharacters);
    },
    write: () => undefined,
    close: () => undefined,
  };
  const view = new LiveView(screen, PLAIN);
  view.opened({ seed: 7, fromMs: NOW_MS, toMs: NOW_MS + 1, speed: 60 });
  const finding = { policy: 'short', action: 'cancel', mode: 'enforce' } as const;
  const tell = (step: JobStep, job: Job): void =>
    view.told(jobAlert({ step, job, finding, sentence: 'has run too long', atMs: NOW_MS }));
  for (const job of jobs) tell('cancelling', job);
  for (const job of jobs.toReversed()) tell('cancelled', job);
  for (const job of jobs) for (const step of then) tell(step, job);
  view.drawn({ nowMs: NOW_MS, part: 0.5, unfinished: jobs, policies, money: MONEY });
  return lines;
}

describe.each([
  [80, 24],
  [120, 50],
  [40, 14],
])('on a terminal of %i columns and %i rows', (columns, rows) => {
  test.each([0, 1, 100])('a picture of %i jobs fits', (count) => {
    const jobs = Array.from({ length: count }, (_, index) => jobRunning(index, `job_${index}`));
    const lines = drawn(columns, rows, jobs);
    expect(lines.length).toBeLessThan(rows);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
  });
});

test('the job closest to its limit stands first, with its bar; one without a limit last', () => {
  const exempt = { ...jobRunning(50, 'robot'), principal: 'robot@other.example' };
  const lines = drawn(120, 40, [exempt, jobRunning(12, 'early'), jobRunning(24, 'late')]);
  const first = lines.findIndex((line) => line.startsWith('RUNNING'));
  expect(lines[first + 1]).toMatch(/^████████░░ {2}24 min of 30 min +late +short +ana +shop-prod:US$/);
  expect(lines[first + 2]).toMatch(/^████░{6} {2}12 min of 30 min +early/);
  expect(lines[first + 3]).toMatch(/^ +no limit +robot/);
});

test('of each job the latest news stands, latest first', () => {
  const lines = drawn(120, 40, [jobRunning(1, 'first'), jobRunning(2, 'second')]);
  const at = lines.findIndex((line) => line.startsWith('WHAT'));
  expect(lines.slice(at + 1, at + 4)).toEqual([
    expect.stringMatching(/^09:41 {2}cancelled +first +has run too long$/),
    expect.stringMatching(/^09:41 {2}cancelled +second +has run too long$/),
    '',
  ]);
});

test('of each verb a line counts the jobs by what became of them', () => {
  const jobs = [jobRunning(1, 'first'), jobRunning(2, 'second')];
  const lines = drawn(120, 40, jobs, SHORT.policies, ['retry-scheduled', 'retried', 'recovered']);
  expect(lines.slice(2, 4)).toEqual([
    '0 warned · 0 observed · 2 cancelled · 0 ended first · 0 could not cancel',
    '2 to be retried · 2 retried · 2 recovered · 0 gave up · 0 refused',
  ]);
});

test('what was spent, saved and may come stands in the head, and beside it of how many jobs nobody knows', () => {
  const lines = drawn(80, 40, [jobRunning(1, 'first')]);
  expect(lines[5]).toBe('1,235 USD spent · up to 568 USD saved · up to 220 USD running · 3 jobs unknown');
});

test('of a limit in money the bar and the cents stand there', () => {
  const text =
    'version: 1\npolicies:\n  - { name: dear, limit: { cost: 50 USD, basis: estimate }, action: cancel }\n';
  const job = {
    ...jobRunning(1, 'scan'),
    statementType: 'SELECT',
    reservation: null,
    estimatedBytes: 6.5 * 2 ** 40,
  };
  const lines = drawn(120, 40, [job], readPolicies(text, 'test.yaml').policies);
  expect(lines.find((line) => line.includes('scan  '))).toMatch(
    /^████████░░ {2}40\.62 USD of 50 USD +scan +dear/,
  );
});
