import type { JobsApiError } from '../bigquery/errors.ts';
import type { Job } from '../job/job.ts';
import type { JobName } from '../job/job-name.ts';
import type { HeldByHold } from '../judge/purge-verdict.ts';
import type { Certificate, Claim } from '../ledger/ledger.ts';
import type { Span } from './ports.ts';
import type { PurgePorts } from './purge-ports.ts';
import type { WithoutPolicy } from './without-policy.ts';

/** Why a job is not purged by hand. Nothing was done. */
export type NotPurged =
  /** BigQuery knows no such job at that location. */
  | { readonly kind: 'gone' }
  /** It is a child: its top-level job is to be purged in its stead, with all its children. */
  | { readonly kind: 'child'; readonly job: Job; readonly parent: JobName }
  /** It, or the child that is named, runs still. */
  | { readonly kind: 'not-ended'; readonly job: Job; readonly running: JobName }
  | { readonly kind: 'no-time'; readonly job: Job; readonly skewMs?: number }
  /** A legal hold keeps it, or one of its children. */
  | { readonly kind: 'on-hold'; readonly job: Job; readonly hold: HeldByHold }
  /** What is on hold nobody can tell; the message says why. */
  | { readonly kind: 'holds-unreadable'; readonly job: Job; readonly fault: string }
  /** It failed and is run again, or the job that it is an attempt of is still there: that goes first, at most until then. */
  | { readonly kind: 'retry-pending'; readonly job: Job; readonly untilMs: number }
  /** Somebody is at it: the claim says who. */
  | { readonly kind: 'held'; readonly job: Job; readonly claim: Claim };

/** What a person is asked about before it is deleted. */
export interface PurgePlan {
  readonly kind: 'planned';
  readonly job: Job;
  /** Of its children of every generation, which go with it. */
  readonly children: readonly JobName[];
}

export type PurgedByHand =
  | NotPurged
  /** BigQuery took no request; the error says why. Nothing was done. */
  | { readonly kind: 'not-asked'; readonly job: Job; readonly error: JobsApiError }
  /** BigQuery was asked, and it was not seen to be gone when the time ran out: the next sweep goes on. */
  | { readonly kind: 'asked'; readonly job: Job; readonly claim: Claim }
  | { readonly kind: 'purged'; readonly job: Job; readonly certificate: Certificate };

/**
 * Looks whether a job may be purged by hand. It only reads. No policy is asked, for a person judges; holds, and that
 * retries go first, bind as for the watchdog.
 *
 * @throws the errors of `bigquery/errors.ts` but NotFoundError, and of `ledger/errors.ts`
 */
export async function planPurge(
  _name: JobName,
  _span: Span,
  _ports: WithoutPolicy<PurgePorts>,
): Promise<PurgePlan | NotPurged> {
  return { kind: 'gone' };
}

/**
 * Purges a job that a person wants purged: the same act as the watchdog's own, without policy and breaker. A purge that
 * the watchdog has put off is done now in its stead, and given back if it cannot be.
 *
 * @param by who wants it, for the ledger, the certificate and alerts
 * @throws the errors of `bigquery/errors.ts` but NotFoundError, and of `ledger/errors.ts`
 */
export async function purgeByHand(
  _name: JobName,
  _by: string,
  _span: Span,
  _ports: WithoutPolicy<PurgePorts>,
): Promise<PurgedByHand> {
  return { kind: 'gone' };
}
