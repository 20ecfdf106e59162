import type { Clock } from '../ports/clock.ts';
import { againOnConflict } from './again-on-conflict.ts';
import { Slot, Trip } from './breaker.schema.ts';
import { scopeKey } from './breaker-keys.ts';
import { freeSlot } from './breaker-slots.ts';
import { commit } from './commit.ts';
import { ConflictError } from './errors.ts';
import { everyDocument } from './every-document.ts';
import type { BreakerScope, BreakerStatus, BreakerTrip, Ledger } from './ledger.ts';
import { newAlerts } from './outbox-rows.ts';
import { readDocument } from './read-document.ts';
import type { LedgerStore, StoredDocument } from './store.ts';

type BreakerTrips = Pick<Ledger, 'breakerTrip' | 'tripBreaker' | 'resetBreaker' | 'breakers'>;

/** A breaker is open for as long as a document says so; that never expires. */
export function openBreakerTrips(store: LedgerStore, clock: Pick<Clock, 'now'>): BreakerTrips {
  return {
    breakerTrip: async (scope) => {
      const document = await store.get('breakers', scopeKey(scope));
      return document === undefined ? undefined : readTrip(store, document).trip;
    },
    tripBreaker: async (scope, { atMs, why }, alert) => {
      const body = { scope: { verb: scope.verb, policy: scope.policy }, atMs, why };
      const write = { kind: 'create', collection: 'breakers', key: scopeKey(scope), body } as const;
      try {
        await commit(store, [write], newAlerts([alert], clock.now()));
        return true;
      } catch (error) {
        if (error instanceof ConflictError) return false;
        throw error;
      }
    },
    resetBreaker: (scope) => againOnConflict(store, () => reset(store, scope)),
    breakers: () => statuses(store),
  };
}

/** Frees the slots first: who is interrupted leaves it open, and resets again. */
async function reset(store: LedgerStore, scope: BreakerScope): Promise<boolean> {
  const key = scopeKey(scope);
  const trip = await store.get('breakers', key);
  if (trip === undefined) return false;
  for await (const document of everyDocument(store, { collection: 'slots', group: key })) {
    await freeSlot(store, scope, readDocument(store, document, Slot).claimKey);
  }
  await store.write([{ kind: 'delete', collection: 'breakers', key, ifVersion: trip.version }]);
  return true;
}

async function statuses(store: LedgerStore): Promise<readonly BreakerStatus[]> {
  const statuses = new Map<string, BreakerStatus>();
  for await (const document of everyDocument(store, { collection: 'breakers' })) {
    const { scope, trip } = readTrip(store, document);
    statuses.set(scopeKey(scope), { scope, trip, taken: 0 });
  }
  for await (const document of everyDocument(store, { collection: 'slots' })) {
    const { scope } = readDocument(store, document, Slot);
    if ('cap' in scope) continue;
    const status = statuses.get(scopeKey(scope)) ?? { scope, taken: 0 };
    statuses.set(scopeKey(scope), { ...status, taken: status.taken + 1 });
  }
  return [...statuses.values()];
}

function readTrip(store: LedgerStore, document: StoredDocument): { scope: BreakerScope; trip: BreakerTrip } {
  const { scope, atMs, why } = readDocument(store, document, Trip);
  return { scope, trip: { atMs, why } };
}
