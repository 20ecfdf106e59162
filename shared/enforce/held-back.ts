import type { ClaimChange, HeldBy, RetryDetails } from '../ledger/ledger.ts';
import type { AttemptNews } from './retry-alerts.ts';

/** For a person, about a time that is over. */
const HELD_BACK: Readonly<Record<HeldBy, string>> = {
  stopped: 'a person had stopped all acts',
  'breaker-open': 'its breaker was open',
  capped: 'as many retries as its caps allow were started within the hour before',
  'permission-missing': 'a permission was missing',
  'dry-run': 'the watchdog ran dry',
  'same-work-runs': 'a job that does the same was pending or running',
  'not-compared': 'its account ran too many jobs to tell whether one of them did the same',
  'list-not-read': 'a job that BigQuery lists could not be read, and may have done the same',
  'request-failed': 'BigQuery did not answer, or took no request',
};

/** What a claim remembers of an attempt that has to wait, for people who are told that it was never started. */
export function heldBack(retry: RetryDetails, heldBy: HeldBy | undefined, now: number): ClaimChange {
  if (heldBy === undefined) return {};
  const { failingSinceMs = now, ...rest } = retry;
  return { retry: { ...rest, heldBy, ...(heldBy === 'request-failed' && { failingSinceMs }) } };
}

/** What last held it back, when its time has run out. */
export function lastHeldBack(heldBy: HeldBy | undefined): Pick<AttemptNews, 'because' | 'outcome'> {
  if (heldBy === undefined) return { outcome: '' };
  return { because: heldBy, outcome: `; what last held it back: ${HELD_BACK[heldBy]}` };
}
