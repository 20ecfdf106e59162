import { describe, expect, test } from 'vitest';
import { Alert, JobStep } from '../../shared/alert/alert.schema.ts';
import { toBinaryMode } from '../../shared/alert/binary-mode.ts';
import { eventId } from '../../shared/alert/event-id.ts';
import { jobAlert, jobAlertId } from '../../shared/alert/job-alert.ts';
import { type HistoryProgress, historyProgress, holdsRefused } from '../../shared/alert/purge-alerts.ts';
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

function progress(changes: Partial<HistoryProgress> = {}): HistoryProgress {
  const spanMs = 180 * 86_400_000;
  const counts = { looked: 1_200, found: 7, purged: 5 };
  const times = {
    fromMs: NOW_MS - spanMs,
    toMs: NOW_MS,
    doneToMs: NOW_MS - spanMs / 2,
    startedAtMs: NOW_MS - 1,
  };
  return { ...times, ...counts, onlyReported: [], ...changes };
}

const system = [
  breakerTripped('cancel', 'p', 'why', NOW_MS),
  policyRefused('cancel', { generation: 'g', sinceMs: NOW_MS, fault: 'fault' }, NOW_MS),
  clockSkewed('cancel', 45_000, NOW_MS),
  permissionMissing('cancel', 'my-project', { permission: 'bigquery.jobs.get', detail: 'detail' }, NOW_MS),
  findingsSummarised('cancel', 'p', 1_000, NOW_MS),
  holdsRefused('holds.yaml:3:5: fault', NOW_MS),
  historyProgress('my-project', progress(), NOW_MS),
  historyProgress('my-project', progress({ finishedAtMs: NOW_MS, estimatedEndAtMs: NOW_MS }), NOW_MS),
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

describe('an alert of a purge', () => {
  const purge = {
    by: 'live',
    found: [{ detector: 'iban', field: 'configuration.query.query', hash: 'f00d' }],
    children: 2,
    seenDoneAt: new Date(NOW_MS - 2_000).toISOString(),
    verifiedAt: new Date(NOW_MS).toISOString(),
    copiesNotReached: ['audit-log', 'results'],
  } as const;
  const about = { job, finding: { policy: 'p', action: 'purge', mode: 'enforce' }, sentence: 's' } as const;

  test('is of the purge function, and bears what the certificate says', () => {
    const event = jobAlert({ ...about, step: 'purged', purge, atMs: NOW_MS, askedAtMs: [NOW_MS - 1_000] });
    expect(Alert.parse(event)).toEqual(event);
    expect(event).toMatchObject({ source: 'bigquery-watchdog/purge', severity: 'WARNING', data: { purge } });
  });

  test('is one per job, policy and step; where nothing was done, per why', () => {
    const id = (step: JobStep, because?: 'held' | 'breaker-open') =>
      jobAlertId(job, 'p', step, { purge, ...(because && { because }) });
    expect(id('observed', 'held')).not.toBe(id('observed', 'breaker-open'));
    expect(id('could-not-purge', 'held')).toBe(id('could-not-purge', 'breaker-open'));
    expect(id('purged')).not.toBe(id('purging'));
  });
});

describe('a system alert of purge', () => {
  const hourStartMs = Math.floor(NOW_MS / 3_600_000) * 3_600_000;

  test('about unreadable holds is told once an hour, whatever their fault', () => {
    const at = (ms: number, fault = 'fault') => holdsRefused(fault, hourStartMs + ms).id;
    expect(at(3_599_999, 'another')).toBe(at(0));
    expect(at(3_600_000)).not.toBe(at(0));
  });

  test('about history is told once an hour of each walk of a project, and once at its end', () => {
    const at = (ms: number, changes: Partial<HistoryProgress> = {}, projectId = 'my-project') =>
      historyProgress(projectId, progress(changes), hourStartMs + ms).id;
    expect(at(3_599_999, { looked: 2_000 })).toBe(at(0));
    const finishedAtMs = NOW_MS;
    expect(at(9_000_000, { finishedAtMs })).toBe(at(0, { finishedAtMs }));
    const different = [
      at(0),
      at(3_600_000),
      at(0, { finishedAtMs }),
      at(0, { startedAtMs: 1 }),
      at(0, {}, 'p'),
    ];
    expect(new Set(different).size).toBe(different.length);
  });

  test('about history tells how far it is, and until when it may take', () => {
    const halfway = historyProgress('shop', progress({ estimatedEndAtMs: NOW_MS + 60_000 }), NOW_MS);
    expect(halfway.data).toMatchObject({
      sentence: expect.stringMatching(
        /^the history of shop has been gone through up to \S+Z: 1200 jobs looked at, 7 to be purged, 5 purged; the others are due later, [^;]+; it may take until \S+Z$/,
      ),
      history: { isFinished: false, looked: 1_200, estimatedEndAt: new Date(NOW_MS + 60_000).toISOString() },
    });
    const finished = progress({ finishedAtMs: NOW_MS, purged: 7 });
    expect(historyProgress('shop', finished, NOW_MS).data).toMatchObject({
      sentence: 'the history of shop has been gone through: 1200 jobs looked at, 7 to be purged, 7 purged',
      history: { isFinished: true },
    });
  });

  test('about history tells why jobs are left', () => {
    const stopped = progress({ stoppedBy: 'capped', onlyReported: ['pins', 'cards'] });
    const { sentence, history } = historyProgress('shop', stopped, NOW_MS).data;
    expect(sentence).toContain(
      '5 purged; what only pins, cards would purge is reported and not purged, for want of "history"; the others',
    );
    expect(sentence).toContain('; it goes no further for now, for as many as "history" allows were purged');
    expect(history).toMatchObject({ stoppedBy: 'capped', onlyReported: ['pins', 'cards'] });
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
