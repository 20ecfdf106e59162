import type { Clock } from '../ports/clock.ts';
import { againOnConflict } from './again-on-conflict.ts';
import { isBeyondBelief, LONGEST_LEASE_MS } from './believed-lease.ts';
import { firstVersion } from './commit.ts';
import { documentKey } from './document-key.ts';
import { ConflictError } from './errors.ts';
import { Lease } from './lease.schema.ts';
import type { Ledger } from './ledger.ts';
import { readDocument } from './read-document.ts';
import type { LedgerStore } from './store.ts';

type Leases = Pick<Ledger, 'takeLease' | 'releaseLease'>;

/** Documents that expire: one that has run out is anybody's to create again. */
export function openLeases(store: LedgerStore, clock: Pick<Clock, 'now'>): Leases {
  return {
    takeLease: (name, holder, ms) =>
      againOnConflict(store, () => tryToTake(store, leaseKey(name), holder, ms, clock.now())),
    releaseLease: async (name, version) => {
      try {
        await store.write([
          { kind: 'delete', collection: 'leases', key: leaseKey(name), ifVersion: version },
        ]);
      } catch (error) {
        // Not ours any more: it ran out, and somebody else may have it.
        if (!(error instanceof ConflictError)) throw error;
      }
    },
  };
}

/** Its own holder may take it again: that makes it longer, and the earlier version worthless. */
async function tryToTake(
  store: LedgerStore,
  key: string,
  holder: string,
  ms: number,
  nowMs: number,
): Promise<string | undefined> {
  const takenForMs = Math.min(ms, LONGEST_LEASE_MS);
  const body = { holder, takenForMs };
  const lease = { collection: 'leases', key, body, expiresAtMs: nowMs + takenForMs } as const;
  const document = await store.get('leases', key);
  if (document === undefined) return firstVersion(await store.write([{ kind: 'create', ...lease }]));
  const standing = readDocument(store, document, Lease);
  const lasts = !isBeyondBelief(document.expiresAtMs ?? nowMs, nowMs, standing.takenForMs);
  if (standing.holder !== holder && lasts) return undefined;
  return firstVersion(await store.write([{ kind: 'replace', ifVersion: document.version, ...lease }]));
}

function leaseKey(name: string): string {
  return documentKey('lease', name);
}
