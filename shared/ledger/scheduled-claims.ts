import { changedClaim } from './changed-claim.ts';
import { claimDocument, readClaim } from './claim-document.ts';
import { claimKey } from './claim-key.ts';
import { commit } from './commit.ts';
import { ConflictError, StaleClaimError } from './errors.ts';
import type { AlertRow, Claim, DueRequest, Predecessor, Scheduled } from './ledger.ts';
import { ceIdsOf, newAlerts } from './outbox-rows.ts';
import { withoutWonAtEntry, wonAtEntry } from './recent-claims.ts';
import type { LedgerStore, Write } from './store.ts';

/**
 * One reading and one commit of the claim, its predecessor and the alerts. Throws `ConflictError` when somebody
 * else wrote the claim in between, and `StaleClaimError` when the predecessor was taken over.
 */
export async function tryToSchedule(
  store: LedgerStore,
  nowMs: number,
  request: DueRequest,
  alerts: readonly AlertRow[],
  predecessor: Predecessor | undefined,
): Promise<Scheduled> {
  const key = claimKey(request.job, request.verb, request.attempt);
  const document = await store.get('claims', key);
  const known = document && readClaim(store, document);
  const isStanding = known !== undefined && known.claim.state !== 'void';
  const claim = isStanding ? known.claim : scheduled(key, request, nowMs);
  const place = claimDocument(claim, nowMs);
  const own: Write = known
    ? { kind: 'replace', ifVersion: known.version, ...place }
    : { kind: 'create', ...place };
  const before = predecessor && asWrite(predecessor, nowMs);
  const entry = wonAtEntry(claim);
  // A claim stands once in the list, however often it begins anew.
  const replaced = known && !isStanding ? await withoutWonAtEntry(store, known.claim, entry) : [];
  const firm = [...(before ? [before] : []), ...(isStanding ? [] : [own, ...replaced])];
  const rows = newAlerts(alerts, nowMs);
  try {
    const { created } = await commit(store, firm, isStanding ? rows : [entry, ...rows]);
    return { kind: isStanding ? 'standing' : 'scheduled', claim, fresh: ceIdsOf(created, alerts) };
  } catch (error) {
    const isStale = error instanceof ConflictError && error.key === before?.key;
    throw isStale && predecessor ? new StaleClaimError(predecessor.held) : error;
  }
}

/** Its lease has run out, so that whoever comes when it is due may have it. */
function scheduled(key: string, { dueAtMs, ...request }: DueRequest, nowMs: number): Claim {
  const unheld = { leaseUntilMs: nowMs, lookAtMs: dueAtMs, wonAtMs: nowMs, askedAtMs: [] };
  return { key, ...request, ...unheld, state: 'claimed' };
}

function asWrite({ held, change }: Predecessor, nowMs: number): Write {
  const place = claimDocument(changedClaim(held.claim, change, nowMs), nowMs);
  return { kind: 'replace', ifVersion: held.version, ...place };
}
