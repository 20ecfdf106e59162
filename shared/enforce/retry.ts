import type { JobName } from '../job/job-name.ts';
import type { Claim } from '../ledger/ledger.ts';
import { lookAtFailure } from './failure.ts';
import type { Span } from './ports.ts';
import type { RetryPorts } from './retry-ports.ts';

/** What became of a job that ended. */
export type Answered =
  /** It is to be run again: the claim says when (`lookAtMs`), and `carryOut` does it. */
  | { readonly kind: 'scheduled'; readonly claim: Claim }
  /** It was an attempt of ours, whose outcome is recorded and told. */
  | { readonly kind: 'settled' }
  /** A policy answers such failures, and this job is not run again; people are told. */
  | { readonly kind: 'refused' }
  /** It would have been run again; people are told. */
  | { readonly kind: 'observed' }
  /** Nothing is to be done or told, or somebody is at it already. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'no-time' }
  /** It is a script's child: the script is to be looked at in its stead. */
  | { readonly kind: 'child'; readonly parent: JobName };

/**
 * Looks at a job that ended, and schedules, settles, tells, or leaves it. However often it is called for one job, each
 * failure is answered once.
 *
 * @throws the errors of `bigquery/errors.ts` but NotFoundError, and of `ledger/errors.ts`; a later look goes on
 */
export async function answerFailure(name: JobName, span: Span, ports: RetryPorts): Promise<Answered> {
  const look = await lookAtFailure(name, span, ports);
  if (look.kind !== 'judged') return { kind: 'nothing' };
  return { kind: 'nothing' };
}

/**
 * Goes on with a claim that wants attention (`dueClaims`): inserts the attempt that is due, or looks how the one that
 * was inserted goes. A claim that is not due yet, or that somebody else has, is left as it stands.
 *
 * @throws the errors of `bigquery/errors.ts`, and of `ledger/errors.ts`; the claim is due again then
 */
export async function carryOut(claim: Claim, span: Span, ports: RetryPorts): Promise<void> {
  await ports.ledger.claim(claim.job, claim.verb, claim.attempt);
  void span;
}
