import type { Claim, RetryDetails } from '../ledger/ledger.ts';
import type { RetryPolicy } from '../policy/policy.ts';
import { hashesOfSent, type SentHashes } from '../retry/configuration-hash.ts';
import type { JsonObject } from '../retry/json.ts';
import { type Sanitized, sanitize } from '../retry/sanitize.ts';
import type { FailureLook } from './failure.ts';

/** What is to be inserted for an attempt, with the hashes of its configuration; or why it cannot be. */
export type RetryBody =
  | { readonly kind: 'made'; readonly body: JsonObject; readonly hashes: SentHashes }
  | Extract<Sanitized, { kind: 'refused' }>;

export function retryBody(
  { root, nowMs }: Pick<FailureLook, 'root' | 'nowMs'>,
  { rule: { guards } }: RetryPolicy,
  { job: origin, attempt }: Pick<Claim, 'job' | 'attempt'>,
  { attemptId }: Pick<RetryDetails, 'attemptId'>,
): RetryBody {
  const resource = root.resource.take();
  const sanitized = sanitize({ resource, attemptId, origin, attempt, guards, nowMs });
  if (sanitized.kind === 'refused') return sanitized;
  const { body } = sanitized;
  return { kind: 'made', body, hashes: hashesOfSent(body) };
}
