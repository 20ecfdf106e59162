import * as z from 'zod';
import { REFUSALS } from '../retry/refusal.ts';
import { COPIES_NOT_REACHED } from '../sensitive/copies-not-reached.ts';
import { AMOUNT_UNITS } from '../units/amount.ts';

/** Cloud Logging's words, so that a log line and an alert can be filtered alike. */
export const Severity = z.enum(['INFO', 'NOTICE', 'WARNING', 'ERROR', 'CRITICAL']);
export type Severity = z.infer<typeof Severity>;

/** What happened to a job; the `<step>` of `bigquery-watchdog.job.<step>.v1`. */
export const JobStep = z.enum([
  'warned',
  'observed',
  'cancelling',
  'cancelled',
  'ended-first',
  'could-not-cancel',
  'undecided',
  'retry-scheduled',
  'retried',
  'recovered',
  'gave-up',
  'retry-refused',
  'purging',
  'purged',
  'could-not-purge',
  'not-found',
]);
export type JobStep = z.infer<typeof JobStep>;

const Time = z.iso.datetime();

/** A limit's value and what is allowed, in the unit named. */
const Measured = z.strictObject({
  limit: z.string(),
  unit: z.enum(AMOUNT_UNITS).describe('duration: milliseconds; bytes: bytes; usd: US dollars; slots: slots'),
  value: z.number(),
  allowed: z.number(),
  basis: z
    .enum(['estimate', 'projection'])
    .exactOptional()
    .describe("The value is an upper bound from BigQuery's estimate, or a projection; absent: what was used"),
});

/** The job an alert is about. No text of the job, and no labels: users can put anything into either. */
const AlertJob = z.strictObject({
  projectId: z.string(),
  location: z.string().optional(),
  jobId: z.string(),
  type: z.string().optional(),
  principal: z.string().optional(),
  creationTime: Time.optional(),
  startTime: Time.optional(),
});

/** Why a chain of retries came to its end, besides what is true of the job itself (`REFUSALS`). */
const CHAIN_ENDS = [
  /** A job of that id is there, and is not ours. */
  'id-taken',
  /** The watchdog may not act as the account, or there is none. */
  'account-not-granted',
  /** The account may not run jobs. */
  'not-permitted',
  /** BigQuery does not take what is sent. */
  'request-refused',
  /** The policy has changed. */
  'no-longer-wanted',
  /** BigQuery knows the root, or the attempt, no more. */
  'gone',
  /** Somebody else ran it again, and it succeeded. */
  'run-by-others',
] as const;

/** Why a job is not run again. */
export const RetryEnd = z.enum([...REFUSALS, ...CHAIN_ENDS]);
export type RetryEnd = z.infer<typeof RetryEnd>;

/** Of which attempt a retry's alert speaks. */
const AlertRetry = z.strictObject({
  attempt: z.number().int().optional().describe('From 1; absent: there was none'),
  jobId: z
    .string()
    .optional()
    .describe(
      'The id of the job of this attempt, in the same project and location; absent: none was made, nor will be',
    ),
  reasons: z
    .array(z.string())
    .optional()
    .describe("BigQuery's reasons for the failures so far, the root's first"),
  dueAt: Time.optional().describe('When it is due'),
  why: RetryEnd.optional().describe('Why the job is not run again'),
});

/** What is deleted and why, and once it is, what proves it: never a text of the job. */
const AlertPurge = z.strictObject({
  by: z
    .enum(['live', 'history', 'hand'])
    .optional()
    .describe('What had it deleted: events and sweeps, the clean-up of history, a person'),
  found: z
    .array(
      z.strictObject({
        detector: z.string().describe('Its name, or labels, principals, datasets, tables'),
        field: z.string().describe('A path in a Job resource; [] is any item, {} any name'),
        hash: z.string().optional().describe('HMAC-SHA-256 of the whole field, with the key of the watchdog'),
      }),
    )
    .describe('What makes it sensitive; empty: a person wanted it deleted'),
  dueAt: Time.optional().describe('When it is due'),
  children: z.number().int().optional().describe('How many child jobs go with it'),
  childrenUnseen: z
    .number()
    .int()
    .optional()
    .describe('How many child jobs it told of besides, which no list showed'),
  seenDoneAt: Time.optional().describe('When BigQuery still had it, and it had ended'),
  verifiedAt: Time.optional().describe('When it and each child were seen to be gone'),
  copiesNotReached: z
    .array(z.enum(COPIES_NOT_REACHED))
    .optional()
    .describe('Where copies may remain that deletion does not reach'),
});

/** `data` of a job alert. */
export const JobAlertData = z.strictObject({
  sentence: z.string().describe('For a person: what was found or done, and by which policy'),
  step: JobStep,
  job: AlertJob,
  policy: z.string(),
  action: z.enum(['alert', 'cancel', 'retry', 'purge']).describe("The policy's action"),
  mode: z.enum(['enforce', 'observe']).describe("The policy's mode"),
  measured: Measured.optional(),
  because: z
    .enum([
      'observe-mode',
      'stopped',
      'alert-only',
      'breaker-open',
      'capped',
      'same-work-runs',
      'not-compared',
      'list-not-read',
      'dry-run',
      'another-policy-acts',
      'copy-job',
      'permission-missing',
      'request-refused',
      'request-failed',
      'asked-and-still-running',
      'held',
      'holds-unreadable',
      'retry-pending',
      'asked-and-still-there',
      'too-many-children',
    ])
    .optional()
    .describe('Why nothing was done, or why what was done did not help'),
  askedAt: z
    .array(Time)
    .optional()
    .describe('When BigQuery was asked to cancel, to run the job again, or to delete it'),
  retry: AlertRetry.optional(),
  purge: AlertPurge.optional(),
});
export type JobAlertData = z.infer<typeof JobAlertData>;

/** Why the clean-up of history goes no further for now. */
export const HistoryStop = z.enum([
  'capped',
  'breaker-open',
  'stopped',
  'holds-unreadable',
  'permission-missing',
  'dry-run',
  'failed',
  'unreachable',
  'no-time',
  'policy-changed',
]);
export type HistoryStop = z.infer<typeof HistoryStop>;

/** How far the clean-up of a project's history has come. It goes by the time of creation, the oldest first. */
const AlertHistory = z.strictObject({
  from: Time,
  to: Time,
  doneTo: Time.describe('What was created before then is done'),
  looked: z.number().int().describe('Jobs looked at'),
  found: z.number().int().describe('Jobs that a policy wants purged'),
  purged: z.number().int().describe('Jobs purged'),
  isFinished: z.boolean(),
  estimatedEndAt: Time.optional(),
  stoppedBy: HistoryStop.optional().describe('Why it goes no further for now; absent while it does'),
  onlyReported: z
    .array(z.string())
    .optional()
    .describe('Policies without "history": what they want purged is found and not purged'),
});

/** `data` of everything that is not about one job. */
export const SystemAlertData = z.strictObject({
  sentence: z.string(),
  verb: z.string(),
  policy: z.string().optional(),
  projectId: z.string().optional(),
  history: AlertHistory.optional(),
});
export type SystemAlertData = z.infer<typeof SystemAlertData>;

const envelope = {
  specversion: z.literal('1.0'),
  id: z.string().describe('The same alert, told again, has the same id: drop doubles by it'),
  source: z.string().describe('bigquery-watchdog/<verb>'),
  subject: z.string().optional().describe('The name of the job, project:location.id'),
  time: Time,
  datacontenttype: z.literal('application/json'),
  severity: Severity,
  policy: z.string().optional(),
  project: z.string().optional(),
};

/** An alert as a CloudEvent in structured mode. In Pub/Sub it goes in binary mode: attributes `ce-…`, data. */
export const JobAlert = z.strictObject({
  ...envelope,
  type: z.templateLiteral(['bigquery-watchdog.job.', JobStep, '.v1']),
  subject: z.string(),
  policy: z.string(),
  project: z.string(),
  data: JobAlertData,
});
export type JobAlert = z.infer<typeof JobAlert>;

export const SystemAlert = z.strictObject({
  ...envelope,
  type: z.enum([
    'bigquery-watchdog.breaker.tripped.v1',
    'bigquery-watchdog.policy.refused.v1',
    'bigquery-watchdog.policy.unavailable.v1',
    'bigquery-watchdog.ledger.lost.v1',
    'bigquery-watchdog.clock.skewed.v1',
    'bigquery-watchdog.clock.untold.v1',
    'bigquery-watchdog.project.unwatchable.v1',
    'bigquery-watchdog.permission.missing.v1',
    'bigquery-watchdog.findings.summarised.v1',
    'bigquery-watchdog.holds.refused.v1',
    'bigquery-watchdog.history.progress.v1',
  ]),
  data: SystemAlertData,
});
export type SystemAlert = z.infer<typeof SystemAlert>;

export const Alert = z.union([JobAlert, SystemAlert]);
export type Alert = z.infer<typeof Alert>;
