import { createHash } from 'node:crypto';
import type { Clock } from '../ports/clock.ts';
import { againOnConflict } from './again-on-conflict.ts';
import { ClaimSlot, Slot } from './breaker.schema.ts';
import { documentKey } from './document-key.ts';
import { everyDocument } from './every-document.ts';
import type { BreakerScope, CapScope, Ledger } from './ledger.ts';
import { readDocument } from './read-document.ts';
import type { LedgerStore } from './store.ts';

type BreakerSlots = Pick<Ledger, 'takeSlot' | 'freeSlot'>;

/** Among how many free slots racers spread, so that they seldom want the same one. */
const SPREAD = 64;

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

type SlotScope = BreakerScope | CapScope;

/** The group of a breaker's slots, and its trip's key. */
export function scopeKey(scope: SlotScope): string {
  return documentKey(...partsOf(scope));
}

/** Those of a cap are more than those of a breaker, whatever the policy is called. */
function partsOf(scope: SlotScope): readonly [string, string, ...string[]] {
  return 'cap' in scope ? [scope.verb, 'cap', scope.cap, scope.of] : [scope.verb, scope.policy];
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

/**
 * A slot that is taken counts whatever its number, also when `acts` has since been lowered below it. So
 * of the free numbers only the lowest `acts - taken` may be had. That set shrinks by just the number that
 * anybody takes and never loses another: racers with an older view cannot take more than `acts` together.
 */
async function tryToTake(
  store: LedgerStore,
  scope: SlotScope,
  claimKey: string,
  acts: number,
  expiresAtMs: number,
): Promise<'taken' | 'none-left'> {
  const ownKey = claimSlotKey(scope, claimKey);
  if ((await store.get('claim-slots', ownKey)) !== undefined) return 'taken';
  const taken = new Set<number>();
  for await (const document of everyDocument(store, { collection: 'slots', group: scopeKey(scope) })) {
    taken.add(readDocument(store, document, Slot).number);
  }
  if (taken.size >= acts) return 'none-left';
  const number = freeNumber(taken, spread(claimKey) % Math.min(acts - taken.size, SPREAD));
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

/** The free number before which `skip` others are free. */
function freeNumber(taken: ReadonlySet<number>, skip: number): number {
  let number = 0;
  for (let left = skip; ; number++) {
    if (taken.has(number)) continue;
    if (left === 0) return number;
    left -= 1;
  }
}

function spread(claimKey: string): number {
  return createHash('sha256').update(claimKey).digest().readUInt32BE(0);
}

function slotKey(scope: SlotScope, number: number): string {
  return documentKey(...partsOf(scope), String(number).padStart(10, '0'));
}

function claimSlotKey(scope: SlotScope, claimKey: string): string {
  return documentKey(...partsOf(scope), claimKey);
}
