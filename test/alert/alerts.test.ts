import { describe, expect, test } from 'vitest';
import { Alert, JobStep } from '../../shared/alert/alert.schema.ts';
import { toBinaryMode } from '../../shared/alert/binary-mode.ts';
import { eventId } from '../../shared/alert/event-id.ts';
import { jobAlert, jobAlertId } from '../../shared/alert/job-alert.ts';
import {
  breakerTripped,
  clockSkewed,
  findingsSummarised,
  permissionMissing,
  policyRefused,
} from '../../shared/alert/system-alert.ts';
import { NOW_MS, runningQuery } from '../judge/judging.ts';

const job = runningQuery();
const finding = {
  policy: 'p',
  action: 'cancel',
  mode: 'enforce',
  measured: { limit: 'runtime', unit: 'duration', value: 2, allowed: 1 },
} as const;
const news = (step: JobStep) =>
  jobAlert({ step, job, finding, sentence: 'a sentence', atMs: NOW_MS, askedAtMs: [NOW_MS] });

const system = [
  breakerTripped('cancel', 'p', 'why', NOW_MS),
  policyRefused('cancel', { generation: 'g', sinceMs: NOW_MS, fault: 'fault' }, NOW_MS),
  clockSkewed('cancel', 45_000, NOW_MS),
  permissionMissing('cancel', 'my-project', { permission: 'bigquery.jobs.get', detail: 'detail' }, NOW_MS),
  findingsSummarised('cancel', 'p', 1_000, NOW_MS),
];

test.each([...JobStep.options.map(news), ...system])('$type is as the published schema says', (event) => {
  expect(Alert.parse(event)).toEqual(event);
});

describe('one alert per job, policy and step', () => {
  const id = jobAlertId(job, 'p', 'cancelled');
  test('has one id, however often it is seen', () => {
    const seenAgain = runningQuery({ slotMs: 99, state: 'DONE' });
    expect(jobAlertId(seenAgain, 'p', 'cancelled')).toBe(id);
  });
  test.each([
    { name: 'another step', other: jobAlertId(job, 'p', 'warned') },
    { name: 'another policy', other: jobAlertId(job, 'q', 'cancelled') },
    {
      name: 'another location',
      other: jobAlertId({ ...job, name: { ...job.name, location: 'EU' } }, 'p', 'cancelled'),
    },
  ])('$name is another alert', ({ other }) => {
    expect(other).not.toBe(id);
  });
  test('parts of an id cannot run into each other', () => {
    expect(eventId('a', 'bc')).not.toBe(eventId('ab', 'c'));
  });
});

test('in binary mode the attributes tell all but the data', () => {
  const event = news('cancelled');
  const { json, attributes } = toBinaryMode(event);
  expect(json).toEqual(event.data);
  expect(attributes).toEqual({
    'ce-specversion': '1.0',
    'ce-id': event.id,
    'ce-source': 'bigquery-watchdog/cancel',
    'ce-type': 'bigquery-watchdog.job.cancelled.v1',
    'ce-subject': 'my-project:US.job_1',
    'ce-time': new Date(NOW_MS).toISOString(),
    'Content-Type': 'application/json',
    policy: 'p',
    project: 'my-project',
    severity: 'WARNING',
  });
});

test('an alert repeats no label and no text of the job', () => {
  const labelled = runningQuery({ labels: new Map([['note', 'MARKER']]) });
  const event = jobAlert({ step: 'cancelled', job: labelled, finding, sentence: 's', atMs: NOW_MS });
  expect(JSON.stringify(event)).not.toContain('MARKER');
});
