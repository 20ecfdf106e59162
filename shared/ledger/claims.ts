import type { Clock } from '../ports/clock.ts';
import { againOnConflict } from './again-on-conflict.ts';
import { believedClaim } from './believed-lease.ts';
import { newCertificate } from './certificates.ts';
import { changedClaim } from './changed-claim.ts';
import { claimDocument, dueAtMs, dueGroup, readClaim } from './claim-document.ts';
import { claimKey } from './claim-key.ts';
import { commit, firstVersion } from './commit.ts';
import { ConflictError, StaleClaimError } from './errors.ts';
import { findReadable } from './find-readable.ts';
import { type Claim, type ClaimAnswer, type ClaimRequest, isGone, type Ledger } from './ledger.ts';
import { ceIdsOf, newAlerts } from './outbox-rows.ts';
import { recentClaims, withoutWonAtEntry, wonAtEntry } from './recent-claims.ts';
import { tryToSchedule } from './scheduled-claims.ts';
import type { LedgerStore } from './store.ts';

type Claims = Pick<Ledger, 'claim' | 'win' | 'schedule' | 'advance' | 'dueClaims' | 'recentClaims'>;

/** The right to do an act, won once, on top of any store. */
export function openClaims(store: LedgerStore, clock: Pick<Clock, 'now'>): Claims {
  return {
    claim: async (job, verb, attempt) => {
      const document = await store.get('claims', claimKey(job, verb, attempt));
      if (document === undefined) return undefined;
      const { claim, version } = readClaim(store, document);
      return { claim: believedClaim(claim, clock.now()), version };
    },
    win: (request) => againOnConflict(store, () => tryToWin(store, clock.now(), request)),
    schedule: (request, alerts, predecessor) =>
      againOnConflict(store, () => tryToSchedule(store, clock.now(), request, alerts, predecessor)),
    advance: async (held, change, alerts, certificate) => {
      const nowMs = clock.now();
      const claim = changedClaim(held.claim, change, nowMs);
      const write = { kind: 'replace', ifVersion: held.version, ...claimDocument(claim, nowMs) } as const;
      try {
        const rows = [...(certificate ? [newCertificate(certificate)] : []), ...newAlerts(alerts, nowMs)];
        const { versions, created } = await commit(store, [write], rows);
        return { held: { claim, version: firstVersion(versions) }, fresh: ceIdsOf(created, alerts) };
      } catch (error) {
        throw error instanceof ConflictError ? new StaleClaimError(held) : error;
      }
    },
    dueClaims: async (verb, projectId, upToMs, limit) => {
      const group = dueGroup(verb, projectId);
      const nowMs = clock.now();
      // All that are unfinished, for those of a clock far ahead stand last.
      const dueUpToMs = Number.MAX_SAFE_INTEGER;
      const find = { collection: 'claims', group, dueUpToMs, limit } as const;
      const { read, unreadable } = await findReadable(
        store,
        find,
        (document) => readClaim(store, document).claim,
      );
      const claims = read
        .map((claim) => believedClaim(claim, nowMs))
        .filter((claim) => dueAtMs(claim) <= upToMs);
      return { claims, unreadable };
    },
    recentClaims: (sinceMs, limit) => recentClaims(store, sinceMs, limit),
  };
}

/** One reading and one conditional write. Throws `ConflictError` when somebody else came between. */
async function tryToWin(store: LedgerStore, nowMs: number, request: ClaimRequest): Promise<ClaimAnswer> {
  const key = claimKey(request.job, request.verb, request.attempt);
  const document = await store.get('claims', key);
  if (document === undefined) {
    const claim = fresh(key, request, nowMs);
    const write = { kind: 'create', ...claimDocument(claim, nowMs) } as const;
    const { versions } = await commit(store, [write], [wonAtEntry(claim)]);
    return { kind: 'won', held: { claim, version: firstVersion(versions) } };
  }
  const { claim: stored, version: ifVersion } = readClaim(store, document);
  const previous = believedClaim(stored, nowMs);
  if (previous.state === 'ended' && !isGone(previous)) return { kind: 'ended', claim: previous };
  if (isUnfinished(previous) && nowMs < previous.leaseUntilMs) return { kind: 'held', claim: previous };
  const again = previous.state === 'void';
  const claim = again ? fresh(key, request, nowMs) : takenOver(previous, request, nowMs);
  const write = { kind: 'replace', ifVersion, ...claimDocument(claim, nowMs) } as const;
  const entry = wonAtEntry(claim);
  // A claim stands once in the list, however often it is won again.
  const { versions } = again
    ? await commit(store, [write, ...(await withoutWonAtEntry(store, previous, entry))], [entry])
    : await commit(store, [write], []);
  return { kind: 'won', held: { claim, version: firstVersion(versions) }, previous };
}

function fresh(key: string, request: ClaimRequest, nowMs: number): Claim {
  const leaseUntilMs = nowMs + request.leaseMs;
  return { key, ...request, leaseUntilMs, state: 'claimed', wonAtMs: nowMs, askedAtMs: [] };
}

/**
 * The same act under a new holder: what was done for it stands. What BigQuery was asked for, it was asked
 * for the policy and finding of the time, whatever the new holder came with.
 */
function takenOver(
  previous: Claim,
  { policy, finding, purge, holder, leaseMs }: ClaimRequest,
  nowMs: number,
): Claim {
  const { outcome: _, endedAtMs: __, ...open } = previous;
  const wasAsked = previous.askedAtMs.length > 0;
  const why = wasAsked ? {} : { policy, finding, ...(purge && { purge }) };
  const state = wasAsked ? 'asked' : 'claimed';
  return { ...open, ...why, state, holder, leaseMs, leaseUntilMs: nowMs + leaseMs };
}

function isUnfinished({ state }: Claim): boolean {
  return state === 'claimed' || state === 'asked';
}
