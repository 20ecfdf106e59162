import { judgeRetry, type RetryFacts } from '../../shared/judge/judge-retry.ts';
import type { RetryVerdict } from '../../shared/judge/retry-verdict.ts';
import { readPolicies } from '../../shared/policy/read-policies.ts';
import { FAILED_AT_MS, failed, type Parts, query } from '../retry/failed-jobs.ts';

export const SELECT = query('SELECT 1', 'SELECT');

/** Judges by policies in YAML (the list under `policies:`), in enforce mode unless they say otherwise. */
export function judged(
  policies: string,
  parts: Parts = SELECT,
  chain: Partial<RetryFacts> = {},
): RetryVerdict {
  const text = `version: 1\nmode: enforce\npolicies:\n${policies.replace(/^/gm, '  ')}`;
  const { job, facts } = failed(parts);
  return judgeRetry(job, facts, readPolicies(text, 'policies.yaml').policies, {
    nowMs: FAILED_AT_MS,
    attemptsMade: 0,
    rootEndedAtMs: FAILED_AT_MS,
    ...chain,
  });
}
