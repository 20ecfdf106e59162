import { tellableAtMs } from './bigquery-now.ts';
import type { FamilyLook } from './family-look.ts';
import type { PurgeDecision } from './purge-decision.ts';
import type { ClaimNews } from './purge-news.ts';
import type { PurgePorts } from './purge-ports.ts';
import { FOR_A_PERSON_MS } from './waits-for-person.ts';

type Kept = Extract<PurgeDecision, { kind: 'kept' }>;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** When to look again at what is kept, by our own clock: what keeps it may be over before its time. */
export function keptUntilMs({ by, untilMs }: Kept, look: FamilyLook, { clock, random }: PurgePorts): number {
  const now = clock.now();
  const inMs = againInMs(by, random);
  if (untilMs === undefined) return now + inMs;
  const untilByOurs = tellableAtMs(untilMs, look.nowMs, look.root.receivedAtMs);
  return Math.min(now + inMs, Math.max(now, untilByOurs));
}

/** Of what is on hold there may be very many: they must not all come at once. */
function againInMs(by: Kept['by'], random: PurgePorts['random']): number {
  switch (by) {
    case 'stopped':
    case 'holds-unreadable':
      return FOR_A_PERSON_MS;
    case 'retry-pending':
      return 5 * MINUTE_MS;
    case 'held':
      return HOUR_MS * (0.5 + random() / 2);
    case 'too-many-children':
      return DAY_MS;
  }
}

/**
 * When to look at what is due then, by our own clock: when BigQuery's can tell that it is. What is further away than a
 * day is looked at by the due time itself, for the ledger believes nothing later.
 */
export function putOffUntilMs(dueAtMs: number, look: FamilyLook, { clock }: PurgePorts): number {
  const atMs = tellableAtMs(dueAtMs, look.nowMs, look.root.receivedAtMs);
  const now = clock.now();
  return Math.max(now, atMs > now + DAY_MS ? Math.min(atMs, dueAtMs) : atMs);
}

/** What people are told of it, once per reason. That holds cannot be read is told of all jobs at once. */
export function keptNews(
  { by, outcome }: Pick<Kept, 'by' | 'outcome'>,
  { nowMs, root: { job } }: FamilyLook,
): ClaimNews | undefined {
  if (by === 'holds-unreadable') return undefined;
  const step = by === 'too-many-children' ? 'could-not-purge' : 'observed';
  return { step, because: by, outcome, nowMs, job };
}
