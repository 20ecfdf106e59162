import type { JobTruth } from '../../simulator/truth.ts';
import { isGoogles, isNamed } from './oracle.ts';
import type { FileDescription } from './policy-description.ts';
import type { RetryDescription } from './retry-description.ts';
import { holds } from './true-match.ts';
import { isRepeatable } from './true-repeat.ts';

// What the owner's file says of running a failed job again, by what is true of it: written anew from docs/retry.md and
// docs/policy.md, and sharing no code with the product.

const USUAL_ATTEMPTS = 3;

/** A failure, as it stands in its chain. */
export interface Failure {
  /** The job that failed by itself: what is run again. */
  readonly root: JobTruth;
  /** That, or the attempt that failed last. */
  readonly failed: JobTruth;
  /** How often it was run again. */
  readonly attemptsMade: number;
}

/**
 * - `answers`: it is to be run again.
 * - `refuses`: the policy answers such failures, and not this one.
 * - `passes`: the policy has nothing to do with it.
 */
export type RetryDegree = 'answers' | 'refuses' | 'passes';

export interface RetryOpinion {
  readonly policy: RetryDescription;
  readonly degree: RetryDegree;
  readonly mode: 'enforce' | 'observe';
}

/** In the order of the file. */
export function retryOpinions(file: FileDescription, failure: Failure, nowMs: number): RetryOpinion[] {
  return (file.retries ?? []).map((policy) => ({
    policy,
    degree: degreeOf(policy, failure, nowMs),
    mode: policy.mode ?? file.mode,
  }));
}

/** The policies that call for another attempt: none of those whose mode is only to observe. */
export function answering(file: FileDescription, failure: Failure, nowMs: number): RetryDescription[] {
  return retryOpinions(file, failure, nowMs).flatMap(({ policy, degree, mode }) =>
    degree === 'answers' && mode === 'enforce' ? [policy] : [],
  );
}

export function attemptsOf({ attempts = USUAL_ATTEMPTS }: RetryDescription): number {
  return attempts;
}

function degreeOf(policy: RetryDescription, failure: Failure, nowMs: number): RetryDegree {
  const { root, failed, attemptsMade } = failure;
  if (failed.state !== 'DONE' || failed.errors.length === 0) return 'passes';
  if (!isMatched(policy, root) || !isAnswered(policy, failed)) return 'passes';
  const isOver = attemptsMade >= attemptsOf(policy) || nowMs >= (root.endTimeMs ?? nowMs) + policy.deadlineMs;
  const isFit = isNamed(policy, root.principal ?? '') && isRepeatable(root, policy.repeatsWrites === true);
  return isFit && !isOver ? 'answers' : 'refuses';
}

function isMatched(policy: RetryDescription, job: JobTruth): boolean {
  if (isGoogles(job.principal ?? '') && !isNamed(policy, job.principal ?? '')) return false;
  if (job.continuous && policy.match.continuous !== true) return false;
  if (job.dryRun && policy.match.dryRun !== true) return false;
  return (
    holds(policy.match, job) === true && policy.except.every((selector) => holds(selector, job) === false)
  );
}

const TRANSIENT = [
  'backendError',
  'internalError',
  'rateLimitExceeded',
  'badGateway',
  'jobBackendError',
  'jobInternalError',
  'jobRateLimitExceeded',
  'tableUnavailable',
];
const ONLY_IF_NAMED = [
  'quotaExceeded',
  'timeout',
  'resourcesExceeded',
  'responseTooLarge',
  'billingTierLimitExceeded',
  'blocked',
];

/** Every error counts: one that would come again is enough. */
function isAnswered({ reasons = TRANSIENT }: RetryDescription, { errors }: JobTruth): boolean {
  return errors.every(({ reason, message }) => {
    if (!reasons.includes(reason)) return false;
    if (reason === 'badRequest') return message.includes('rows in the streaming buffer');
    return TRANSIENT.includes(reason) || ONLY_IF_NAMED.includes(reason);
  });
}
