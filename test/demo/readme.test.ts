import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DAY_MS, planDay } from '../../demo/day.ts';
import { readFlags } from '../../demo/flags.ts';
import { plainView } from '../../demo/plain-view.ts';
import { formatSummary } from '../../demo/summary.ts';
import { JobStep } from '../../shared/alert/alert.schema.ts';
import { jobAlert } from '../../shared/alert/job-alert.ts';
import { parseJobName } from '../../shared/job/job-name.ts';
import { readPolicies } from '../../shared/policy/read-policies.ts';
import { ROOT } from '../scripts/repository.ts';
import { SUMMARY } from './summaries.ts';

const POLICIES = readPolicies(
  readFileSync(join(ROOT, 'demo/policies.yaml'), 'utf8'),
  'demo/policies.yaml',
).policies;
const { seed, seconds } = readFlags(['node', 'demo/main.ts']);
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const SEE_IT_WORK = README.split(/^## /m).find((part) => part.startsWith('See it work')) ?? '';
const SAMPLE = (/^```\n(\d\d:\d\d {2}[\s\S]*?)\n```$/m.exec(SEE_IT_WORK)?.[1] ?? '').split('\n');

const ALERT = /^(\d\d:\d\d) {2}([a-z-]+) +([^ ]+) {2}([^ ]+) {2}(.+)$/;
const ALERTS = SAMPLE.flatMap((line) => {
  const [, time = '', step = '', subject = '', policy = '', sentence = ''] = ALERT.exec(line) ?? [];
  return time === '' ? [] : [{ line, time, step, subject, policy, sentence }];
});
const SUMMED_UP = SAMPLE.slice(ALERTS.length).filter((line) => line !== '' && line !== '…');

/** A line without its figures and its alignment: those are another run's. */
function form(line: string): string {
  return line.replace(/\d[\d,]*(?:\.\d+)?|·/g, 'N').replace(/ +/g, ' ');
}

test('the sample run of the README is about jobs of the day that is played without options', () => {
  const day = planDay(seed).map(
    ({ projectId, location = 'US', jobId }) => `${projectId}:${location}.${jobId}`,
  );
  expect(ALERTS.length).toBeGreaterThan(5);
  expect(ALERTS.map(({ subject }) => subject).filter((subject) => !day.includes(subject))).toEqual([]);
  const times = ALERTS.map(({ time }) => time);
  expect(times).toEqual(times.toSorted());
});

test('its alerts are of the policies that are enforced, written as they are told', () => {
  const names = [...POLICIES.cancel, ...POLICIES.retry, ...POLICIES.purge].map(({ name }) => name);
  for (const { line, time, step, subject, policy, sentence } of ALERTS) {
    const finding = { policy, action: 'alert', mode: 'enforce' } as const;
    const atMs = Date.parse(`2026-08-03T${time}:00Z`);
    const job = { name: parseJobName(subject), state: 'DONE', type: 'QUERY' } as const;
    const lines: string[] = [];
    const view = plainView((text) => lines.push(text));
    view.told(jobAlert({ step: JobStep.parse(step), job, finding, sentence, atMs }));
    expect(lines).toEqual([`${line}\n`]);
    expect(names).toContain(policy);
  }
});

test('it is summed up as a run is', () => {
  const { spending } = SUMMARY.money;
  const rowsOf = (policies: readonly { readonly name: string }[]) =>
    policies.map(({ name }) => ({ name, judged: 1, count: () => 1 }));
  const purgeRows = rowsOf(POLICIES.purge);
  const forms = [spending, { ...spending, upToUsd: 0 }].flatMap((spent) =>
    formatSummary({ ...SUMMARY, purgeRows, money: { ...SUMMARY.money, spending: spent } })
      .split('\n')
      .map(form),
  );
  expect(SUMMED_UP.length).toBeGreaterThan(5);
  expect(SUMMED_UP.filter((line) => !forms.includes(form(line)))).toEqual([]);
});

test('the README says how many jobs the day has, and how much faster than life it passes', () => {
  expect(planDay(seed).length).toBeGreaterThan(500);
  expect(SEE_IT_WORK).toContain('A simulated day of more than five hundred jobs passes in a minute of yours');
  expect(SEE_IT_WORK).toContain(`sped up ${(DAY_MS / (seconds * 1_000)).toLocaleString('en')} times`);
});
