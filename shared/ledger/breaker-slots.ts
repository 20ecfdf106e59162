import type { Clock } from '../ports/clock.ts';
import { againOnConflict } from './again-on-conflict.ts';
import { ClaimSlot, Slot } from './breaker.schema.ts';
import { claimSlotKey, scopeKey, slotKey } from './breaker-keys.ts';
import type { Ledger, SlotScope } from './ledger.ts';
import { readDocument } from './read-document.ts';
import { numberToTake } from './slot-numbers.ts';
import type { LedgerStore } from './store.ts';

type BreakerSlots = Pick<Ledger, 'takeSlot' | 'freeSlot'>;

/**
 * Numbered slots, of which a scope has `acts`; each is a document that expires after `per`, with a second
 * one, written in the same commit, that says which slot a claim has, so that no claim ever has two.
 */
export function openBreakerSlots(store: LedgerStore, clock: Pick<Clock, 'now'>): BreakerSlots {
  return {
    takeSlot: (scope, claimKey, acts, perMs) =>
      againOnConflict(store, () => tryToTake(store, scope, claimKey, acts, clock.now() + perMs)),
    freeSlot: (scope, claimKey) => freeSlot(store, scope, claimKey),
  };
}

/** Gives back the slot that the claim has, if it has one. */
export async function freeSlot(store: LedgerStore, scope: SlotScope, claimKey: string): Promise<void> {
  await againOnConflict(store, async () => {
    const own = await store.get('claim-slots', claimSlotKey(scope, claimKey));
    if (own === undefined) return;
    const { number } = readDocument(store, own, ClaimSlot);
    const slot = await store.get('slots', slotKey(scope, number));
    const isOurs = slot !== undefined && readDocument(store, slot, Slot).claimKey === claimKey;
    await store.write(
      (isOurs ? [own, slot] : [own]).map(({ collection, key, version }) => ({
        kind: 'delete',
        collection,
        key,
        ifVersion: version,
      })),
    );
  });
}

async function tryToTake(
  store: LedgerStore,
  scope: SlotScope,
  claimKey: string,
  acts: number,
  expiresAtMs: number,
): Promise<'taken' | 'none-left'> {
  const ownKey = claimSlotKey(scope, claimKey);
  const hasOne = async (): Promise<boolean> => (await store.get('claim-slots', ownKey)) !== undefined;
  if (await hasOne()) return 'taken';
  const number = await numberToTake(store, scope, acts, claimKey);
  // The last one may have gone to this very claim, which somebody else asks for, too.
  if (number === undefined) return (await hasOne()) ? 'taken' : 'none-left';
  await store.write([
    {
      kind: 'create',
      collection: 'slots',
      key: slotKey(scope, number),
      group: scopeKey(scope),
      body: { scope, number, claimKey },
      expiresAtMs,
    },
    { kind: 'create', collection: 'claim-slots', key: ownKey, body: { number }, expiresAtMs },
  ]);
  return 'taken';
}
