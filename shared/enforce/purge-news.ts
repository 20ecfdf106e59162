import type { Alert, JobAlertData } from '../alert/alert.schema.ts';
import { type PurgeNews as AlertPurge, jobAlert } from '../alert/job-alert.ts';
import type { Job } from '../job/job.ts';
import type { Claim, PurgeDetails } from '../ledger/ledger.ts';
import type { Mode } from '../policy/policy.ts';
import { COPIES_NOT_REACHED } from '../sensitive/copies-not-reached.ts';

export type PurgeStep = 'purging' | 'purged' | 'could-not-purge' | 'not-found' | 'observed' | 'undecided';

/** What is told of a purge. Times are by BigQuery's clock. */
export interface PurgeNews {
  readonly step: PurgeStep;
  readonly job: Job;
  readonly policy: string;
  readonly mode: Mode;
  readonly sentence: string;
  readonly nowMs: number;
  readonly purge: Pick<PurgeDetails, 'found'> & Partial<PurgeDetails>;
  readonly because?: NonNullable<JobAlertData['because']> | undefined;
  readonly askedAtMs?: readonly number[];
  readonly verifiedAtMs?: number;
}

export function purgeAlert(news: PurgeNews): Alert {
  const { step, job, policy, mode, sentence, nowMs, because, askedAtMs } = news;
  return jobAlert({
    step,
    job,
    finding: { policy, mode, action: 'purge' },
    sentence,
    atMs: nowMs,
    purge: dataOf(news),
    ...(because && { because }),
    ...(askedAtMs && askedAtMs.length > 0 && { askedAtMs }),
  });
}

function dataOf({ purge, verifiedAtMs }: PurgeNews): AlertPurge {
  const { found, by, dueAtMs, children, childrenUnseen, seenDoneAtMs } = purge;
  return {
    found,
    ...(by && { by }),
    ...(dueAtMs !== undefined && { dueAt: timeOf(dueAtMs) }),
    ...(children && { children: children.length }),
    ...(childrenUnseen !== undefined && { childrenUnseen }),
    ...(seenDoneAtMs !== undefined && { seenDoneAt: timeOf(seenDoneAtMs) }),
    ...(verifiedAtMs !== undefined && {
      verifiedAt: timeOf(verifiedAtMs),
      copiesNotReached: COPIES_NOT_REACHED,
    }),
  };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** What a claim has come to, with what it knows. */
export interface ClaimNews extends Pick<PurgeNews, 'step' | 'nowMs' | 'because' | 'verifiedAtMs'> {
  /** How it came to that, for a person. */
  readonly outcome: string;
  /** As it was looked at; absent where BigQuery knows it no more. */
  readonly job?: Job | undefined;
}

export function claimAlert(claim: Claim, purge: PurgeDetails, { outcome, job, ...news }: ClaimNews): Alert {
  const { finding, policy, askedAtMs } = claim;
  const { principal } = purge;
  return purgeAlert({
    ...news,
    job: job ?? { name: claim.job, state: 'DONE', ...(principal !== undefined && { principal }) },
    policy,
    mode: finding.mode,
    sentence: `${finding.sentence}: ${outcome}`,
    purge,
    askedAtMs,
  });
}
