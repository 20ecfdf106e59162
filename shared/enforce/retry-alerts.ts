import type { Alert, JobAlertData, RetryEnd } from '../alert/alert.schema.ts';
import { jobAlert } from '../alert/job-alert.ts';
import type { Job } from '../job/job.ts';
import type { Claim, RetryDetails } from '../ledger/ledger.ts';
import type { Mode } from '../policy/policy.ts';
import { REASONS } from '../retry/reasons.ts';

export type RetryStep =
  | 'retry-scheduled'
  | 'retried'
  | 'recovered'
  | 'gave-up'
  | 'retry-refused'
  | 'undecided'
  | 'observed';

/** What is told of a chain: always about the job that failed first. Times are by BigQuery's clock. */
export interface ChainNews {
  readonly step: RetryStep;
  readonly root: Job;
  readonly policy: string;
  readonly mode: Mode;
  readonly sentence: string;
  readonly nowMs: number;
  /** Of the failures so far, the root's first. */
  readonly reasons: readonly string[];
  /** From 1; absent: there is none. */
  readonly attempt?: number;
  readonly attemptId?: string;
  readonly dueAtMs?: number;
  readonly why?: RetryEnd;
  readonly because?: NonNullable<JobAlertData['because']>;
  readonly askedAtMs?: readonly number[];
}

export function chainAlert(news: ChainNews): Alert {
  const { step, root, policy, mode, sentence, reasons, attempt, attemptId, dueAtMs, why } = news;
  return jobAlert({
    step,
    job: root,
    finding: { policy, mode, action: 'retry' },
    sentence,
    atMs: news.nowMs,
    retry: {
      ...(attempt !== undefined && { attempt }),
      ...(attemptId !== undefined && { jobId: attemptId }),
      reasons: [...reasons],
      ...(dueAtMs !== undefined && { dueAt: new Date(dueAtMs).toISOString() }),
      ...(why && { why }),
    },
    ...(news.because && { because: news.because }),
    ...(news.askedAtMs && { askedAtMs: news.askedAtMs }),
  });
}

/** What an attempt has come to, with what its claim knows. */
export interface AttemptNews extends Pick<ChainNews, 'step' | 'nowMs' | 'why' | 'because'> {
  /** How it came to that, for a person. */
  readonly outcome: string;
  /** As it was looked at; absent where BigQuery knows it no more. */
  readonly root?: Job | undefined;
  /** Why the attempt's job failed, too. */
  readonly failedWith?: string;
  /** BigQuery made no job of this attempt, and will not. */
  readonly isUnmade?: true;
}

export function attemptAlert(claim: Claim, retry: RetryDetails, news: AttemptNews): Alert {
  const { finding, policy, attempt, askedAtMs } = claim;
  const { outcome, failedWith, root, isUnmade = false, ...rest } = news;
  return chainAlert({
    ...rest,
    root: root ?? { name: claim.job, state: 'DONE', principal: retry.principal },
    policy,
    mode: finding.mode,
    sentence: `${finding.sentence}: ${outcome}`,
    reasons: [...reasonsOf(retry), ...(failedWith === undefined ? [] : [failedWith])],
    attempt,
    ...(!isUnmade && { attemptId: retry.attemptId }),
    askedAtMs,
  });
}

/** It runs again, as the job of the claim's attempt. */
export function retriedAlert(claim: Claim, retry: RetryDetails, root: Job | undefined, nowMs: number): Alert {
  return attemptAlert(claim, retry, {
    step: 'retried',
    root,
    nowMs,
    outcome: `it runs again as ${retry.attemptId}`,
  });
}

/** Of all failures up to the one that this attempt answers. */
export function reasonsOf({ earlierReasons = [], reason }: RetryDetails): readonly string[] {
  return [...earlierReasons, reason];
}

/** What is no word of BigQuery's may be text of the job. */
export function reasonOf({ error }: Job): string {
  const { reason } = error ?? {};
  return reason !== undefined && REASONS.has(reason) ? reason : 'unknown';
}
