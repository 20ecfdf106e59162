import type { JobError } from '../job/job.ts';
import type { RefusalCode } from './refusal.ts';
import type { RetryRule } from './retry-rule.ts';

/**
 * What a reason means for another try: it passes by itself (`transient`), it passes within an hour or two
 * (`later`), it may pass (`only-if-named`), it comes again (`never`). Only the first are answered unless a policy
 * names its own list; the last cannot be named.
 */
export type ReasonVerdict = 'transient' | 'later' | 'only-if-named' | 'never';

export interface ReasonFacts {
  readonly verdict: ReasonVerdict;
  /** Where it is documented. */
  readonly source: string;
}

const CLIENTS = 'python google/cloud/bigquery/retry.py; go jobRetryReasons';
const DOC = 'doc: bigquery/docs/error-messages';

/** Most of the table of bigquery-facts (Failures and retries), with what error-messages lists besides. */
const BY_VERDICT: readonly (readonly [ReasonVerdict, source: string, words: readonly string[]])[] = [
  ['transient', CLIENTS, ['backendError', 'internalError', 'rateLimitExceeded']],
  ['transient', 'retries of the python, java and node clients', ['badGateway']],
  [
    'transient',
    `python job_retry_reasons; ${DOC}`,
    ['jobBackendError', 'jobInternalError', 'jobRateLimitExceeded'],
  ],
  ['transient', DOC, ['tableUnavailable']],
  // Only about the streaming buffer: any other bad request comes again.
  ['later', DOC, ['badRequest']],
  // A quota of days, mostly.
  ['only-if-named', DOC, ['quotaExceeded']],
  [
    'only-if-named',
    DOC,
    ['timeout', 'resourcesExceeded', 'responseTooLarge', 'billingTierLimitExceeded', 'blocked'],
  ],
  ['never', `${DOC}; a job that somebody cancelled, or its own timeout`, ['stopped']],
  ['never', DOC, ['invalid', 'invalidQuery', 'invalidUser', 'attributeError', 'notImplemented']],
  ['never', DOC, ['accessDenied', 'billingNotEnabled', 'policyViolation']],
  ['never', DOC, ['notFound', 'duplicate', 'resourceInUse']],
];

/** Every reason that this version knows. */
export const REASONS: ReadonlyMap<string, ReasonFacts> = new Map(
  BY_VERDICT.flatMap(([verdict, source, words]) =>
    words.map((word): [string, ReasonFacts] => [word, { verdict, source }]),
  ),
);

/** What a policy without a list of its own answers. */
export const TRANSIENT_REASONS: ReadonlySet<string> = new Set(wordsOf(['transient']));

/** What a policy may name. */
export const NAMEABLE_REASONS: readonly string[] = wordsOf(['transient', 'later', 'only-if-named']);

/** What BigQuery says of a failure: `status.errorResult` and `status.errors` of a `jobs.get`, never of an entry. */
export interface JobErrors {
  readonly result: JobError | null | undefined;
  readonly all: readonly JobError[];
}

export type ReasonOpinion =
  /** `reason` is that of the result. */
  | { readonly kind: 'retry'; readonly reason: string }
  | {
      readonly kind: 'no';
      readonly why: RefusalCode;
      readonly sentence: string;
      readonly reason?: string;
    };

/**
 * Whether another try may help. Every error counts: one that would come again is enough against it. `stopped`
 * anywhere decides before all others (design, rule 2).
 */
export function retryableReason({ result, all }: JobErrors, rule: Pick<RetryRule, 'reasons'>): ReasonOpinion {
  if (result === null || result === undefined) return no('not-failed', 'it did not fail');
  const errors = [result, ...all];
  const stopped = errors.find(({ reason }) => reason === 'stopped');
  if (stopped) return no('stopped', stoppedSentence(stopped), 'stopped');
  if (result.reason === undefined) return no('no-reason', 'it failed, and BigQuery does not say why');
  for (const error of errors) {
    const against = objection(error, rule.reasons);
    if (against) return against;
  }
  return { kind: 'retry', reason: result.reason };
}

function objection(error: JobError, named: ReadonlySet<string>): ReasonOpinion | undefined {
  const { reason } = error;
  if (reason === undefined) return no('no-reason', 'one of its errors has no reason that can be read');
  const verdict = REASONS.get(reason)?.verdict;
  if (verdict === undefined) {
    const word = WORD.test(reason) ? `with ${reason}` : 'for a reason';
    return no('unknown-reason', `it failed ${word}, which this version does not know`);
  }
  if (verdict === 'never' || (verdict === 'later' && error.about !== 'streaming-buffer')) {
    return no('permanent-reason', `it failed with ${reason}, which another try does not mend`, reason);
  }
  if (named.has(reason)) return undefined;
  return no('reason-not-named', `it failed with ${reason}, which the policy does not retry`, reason);
}

function stoppedSentence({ stoppedBy }: JobError): string {
  return stoppedBy === 'job-timeout'
    ? 'it was stopped by its own jobTimeoutMs, and is not run again'
    : 'it was cancelled, and what was cancelled is not run again';
}

/** What is no word of BigQuery's may be text of the job. */
const WORD = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

function no(why: RefusalCode, sentence: string, reason?: string): ReasonOpinion {
  return { kind: 'no', why, sentence, ...(reason !== undefined && { reason }) };
}

function wordsOf(verdicts: readonly ReasonVerdict[]): readonly string[] {
  return BY_VERDICT.flatMap(([verdict, , words]) => (verdicts.includes(verdict) ? words : []));
}
