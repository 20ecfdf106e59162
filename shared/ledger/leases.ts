import type { Clock } from '../ports/clock.ts';
import { againOnConflict } from './again-on-conflict.ts';
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
      againOnConflict(store, () => tryToTake(store, leaseKey(name), holder, clock.now() + ms)),
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
  expiresAtMs: number,
): Promise<string | undefined> {
  const lease = { collection: 'leases', key, body: { holder }, expiresAtMs } as const;
  const document = await store.get('leases', key);
  if (document === undefined) return firstVersion(await store.write([{ kind: 'create', ...lease }]));
  if (readDocument(store, document, Lease).holder !== holder) return undefined;
  return firstVersion(await store.write([{ kind: 'replace', ifVersion: document.version, ...lease }]));
}

function leaseKey(name: string): string {
  return documentKey('lease', name);
}
