import type { Alert } from '../alert/alert.schema.ts';
import type { HeldClaim, RetryDetails } from '../ledger/ledger.ts';
import type { EnforcePorts } from './ports.ts';
import { record } from './receipt.ts';
import { type AttemptNews, attemptAlert } from './retry-alerts.ts';

/** Nothing is done for this attempt any more: its chain has come to an end, of which people are told. */
export async function endRetry(
  held: HeldClaim,
  retry: RetryDetails,
  news: AttemptNews,
  ports: EnforcePorts,
  before: readonly Alert[] = [],
): Promise<void> {
  const { claim } = held;
  const change = { state: 'ended', outcome: news.step } as const;
  await record(held, change, [...before, attemptAlert(claim, retry, news)], ports);
  ports.log.notice('retry ended', {
    job: claim.job,
    policy: claim.policy,
    attempt: claim.attempt,
    outcome: news.step,
    ...(news.why && { why: news.why }),
  });
}
