import type { Clock } from '../ports/clock.ts';
import { againOnConflict } from './again-on-conflict.ts';
import { isBeyondBelief, LONGEST_LEASE_MS } from './believed-lease.ts';
import { firstVersion } from './commit.ts';
import { documentKey } from './document-key.ts';
import { ConflictError } from './errors.ts';
import { Lease, type LeaseNote } from './lease.schema.ts';
import type { Ledger, TakenLease } from './ledger.ts';
import { readDocument } from './read-document.ts';
import type { LedgerStore } from './store.ts';

type Leases = Pick<Ledger, 'takeLease' | 'releaseLease'>;

/** Documents that expire: a lease that has run out is anybody's to take again. */
export function openLeases(store: LedgerStore, clock: Pick<Clock, 'now'>): Leases {
  return {
    takeLease: (name, holder, ms, leaving) =>
      againOnConflict(store, () => tryToTake(store, leaseKey(name), { holder, ms, leaving }, clock.now())),
    releaseLease: async (name, version, left) => {
      const document = { collection: 'leases', key: leaseKey(name) } as const;
      try {
        await store.write([
          left === undefined || left.untilMs <= clock.now()
            ? { kind: 'delete', ...document, ifVersion: version }
            : { kind: 'replace', ...document, ifVersion: version, ...freeWith(left) },
        ]);
      } catch (error) {
        // Not ours any more: it ran out, and somebody else may have it.
        if (!(error instanceof ConflictError)) throw error;
      }
    },
  };
}

/** A lease that nobody holds, with what was left for the next holder. */
function freeWith(left: LeaseNote): { readonly body: Lease; readonly expiresAtMs: number } {
  return { body: { holder: '', untilMs: 0, left }, expiresAtMs: left.untilMs };
}

interface Taking {
  readonly holder: string;
  readonly ms: number;
  readonly leaving: LeaseNote | undefined;
}

/**
 * Its own holder may take it again: that makes it longer, and the earlier version worthless. What was left stays
 * in it, for a holder may die.
 */
async function tryToTake(
  store: LedgerStore,
  key: string,
  { holder, ms, leaving }: Taking,
  nowMs: number,
): Promise<TakenLease | undefined> {
  const document = await store.get('leases', key);
  const standing = document && readDocument(store, document, Lease);
  const { untilMs: standsUntilMs = document?.expiresAtMs ?? nowMs } = standing ?? {};
  const lasts = standsUntilMs > nowMs && !isBeyondBelief(standsUntilMs, nowMs, standing?.takenForMs);
  if (standing && standing.holder !== holder && lasts) return undefined;
  const takenForMs = Math.min(ms, LONGEST_LEASE_MS);
  const untilMs = nowMs + takenForMs;
  const left = standing && noteIn(standing, nowMs);
  const note = left ?? leaving;
  const body = { holder, takenForMs, untilMs, ...(note && { left: note }) };
  const expiresAtMs = Math.max(untilMs, note?.untilMs ?? untilMs);
  const lease = { collection: 'leases', key, body, expiresAtMs } as const;
  const versions = await store.write([
    document ? { kind: 'replace', ifVersion: document.version, ...lease } : { kind: 'create', ...lease },
  ]);
  const ranOut = standing !== undefined && standing.holder !== '' && standing.holder !== holder;
  return { version: firstVersion(versions), ...(left && { left }), ...(ranOut && { ranOut }) };
}

function noteIn({ left }: Lease, nowMs: number): LeaseNote | undefined {
  return left && left.untilMs > nowMs && !isBeyondBelief(left.untilMs, nowMs) ? left : undefined;
}

function leaseKey(name: string): string {
  return documentKey('lease', name);
}
