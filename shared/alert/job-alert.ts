import type { Job } from '../job/job.ts';
import { formatJobName } from '../job/job-name.ts';
import type { Finding } from '../judge/verdict.ts';
import type { CopyNotReached } from '../sensitive/copies-not-reached.ts';
import type { JobAlert, JobAlertData, JobStep, Severity } from './alert.schema.ts';
import { eventId } from './event-id.ts';

/** How loud each step is. A job that runs on although it was to be stopped is what people must see. */
const SEVERITIES: Readonly<Record<JobStep, Severity>> = {
  warned: 'NOTICE',
  observed: 'WARNING',
  cancelling: 'WARNING',
  cancelled: 'WARNING',
  'ended-first': 'NOTICE',
  'could-not-cancel': 'ERROR',
  undecided: 'WARNING',
  'retry-scheduled': 'NOTICE',
  retried: 'NOTICE',
  recovered: 'NOTICE',
  'gave-up': 'ERROR',
  'retry-refused': 'WARNING',
  purging: 'WARNING',
  purged: 'WARNING',
  'could-not-purge': 'ERROR',
  'not-found': 'WARNING',
};

/** What an alert tells of why. */
export interface AlertFinding extends Pick<Finding, 'policy' | 'mode' | 'measured'> {
  readonly action: JobAlertData['action'];
}

type AlertPurge = NonNullable<JobAlertData['purge']>;

/** What a purge's alert tells besides. */
export interface PurgeNews extends Omit<AlertPurge, 'found' | 'copiesNotReached'> {
  readonly found: readonly AlertPurge['found'][number][];
  readonly copiesNotReached?: readonly CopyNotReached[];
}

/** What one alert about a job says. Times are milliseconds since the epoch. */
export interface JobNews {
  readonly step: JobStep;
  readonly job: Job;
  readonly finding: AlertFinding;
  readonly sentence: string;
  readonly because?: NonNullable<JobAlertData['because']>;
  readonly askedAtMs?: readonly number[];
  readonly retry?: NonNullable<JobAlertData['retry']>;
  readonly purge?: PurgeNews;
  readonly atMs: number;
}

/**
 * The id of the one alert per job, policy and step, however often it is seen; of a retry also per attempt. Of a retry
 * or purge, where nothing was done, also per why: what keeps it back may be one thing today and another one tomorrow.
 */
export function jobAlertId(
  job: Pick<Job, 'name'>,
  policy: string,
  step: JobStep,
  { retry, purge, because }: Pick<JobNews, 'retry' | 'purge' | 'because'> = {},
): string {
  const of = [
    ...(retry?.attempt === undefined ? [] : [String(retry.attempt)]),
    ...((retry || purge) && step === 'observed' && because ? [because] : []),
  ];
  return eventId('job', formatJobName(job.name), policy, step, ...of);
}

export function jobAlert(news: JobNews): JobAlert {
  const { step, job, finding } = news;
  return {
    specversion: '1.0',
    id: jobAlertId(job, finding.policy, step, news),
    source: `bigquery-watchdog/${finding.action === 'alert' ? 'cancel' : finding.action}`,
    type: `bigquery-watchdog.job.${step}.v1`,
    subject: formatJobName(job.name),
    time: new Date(news.atMs).toISOString(),
    datacontenttype: 'application/json',
    severity: SEVERITIES[step],
    policy: finding.policy,
    project: job.name.projectId,
    data: {
      sentence: news.sentence,
      step,
      job: alertJob(job),
      policy: finding.policy,
      action: finding.action,
      mode: finding.mode,
      ...(finding.measured && { measured: finding.measured }),
      ...(news.because && { because: news.because }),
      ...(news.retry && { retry: news.retry }),
      ...(news.purge && { purge: alertPurge(news.purge) }),
      ...(news.askedAtMs && { askedAt: news.askedAtMs.map((ms) => new Date(ms).toISOString()) }),
    },
  };
}

function alertPurge({ found, copiesNotReached, ...purge }: PurgeNews): AlertPurge {
  return {
    ...purge,
    found: [...found],
    ...(copiesNotReached && { copiesNotReached: [...copiesNotReached] }),
  };
}

function alertJob(job: Job): JobAlertData['job'] {
  const { projectId, location, jobId } = job.name;
  return {
    projectId,
    ...(location !== undefined && { location }),
    jobId,
    ...(job.type && { type: job.type }),
    ...(job.principal !== undefined && { principal: job.principal }),
    ...(job.creationTimeMs !== undefined && { creationTime: new Date(job.creationTimeMs).toISOString() }),
    ...(job.startTimeMs !== undefined && { startTime: new Date(job.startTimeMs).toISOString() }),
  };
}
