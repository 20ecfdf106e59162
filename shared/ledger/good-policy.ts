import type { Clock } from '../ports/clock.ts';
import { againOnConflict } from './again-on-conflict.ts';
import { documentKey } from './document-key.ts';
import { StoredPolicy } from './good-policy.schema.ts';
import type { Ledger, Verb } from './ledger.ts';
import { readDocument } from './read-document.ts';
import type { LedgerStore } from './store.ts';

type GoodPolicies = Pick<Ledger, 'savePolicy' | 'lastGoodPolicy' | 'noteRefusedPolicy'>;

/**
 * The last good text of each verb's policy file, kept for ever: a new instance that meets a broken file serves it.
 * Functions that share a ledger may each have a file of their own, and none may act by another's.
 */
export function openGoodPolicy(store: LedgerStore, clock: Pick<Clock, 'now'>): GoodPolicies {
  return {
    savePolicy: (verb, text) => againOnConflict(store, () => save(store, verb, text, clock.now())),
    lastGoodPolicy: async (verb) => {
      const stored = await read(store, verb);
      return stored && { text: stored.policy.text, savedAtMs: stored.policy.savedAtMs };
    },
    noteRefusedPolicy: (verb) => againOnConflict(store, () => noteRefused(store, verb, clock.now())),
  };
}

/** Writes nothing when the text stands already and is not refused: every instance saves what it starts with. */
async function save(store: LedgerStore, verb: Verb, text: string, savedAtMs: number): Promise<void> {
  const before = await read(store, verb);
  if (before?.policy.text === text && before.policy.refusedSinceMs === undefined) return;
  const next = { collection: 'policies', key: keyOf(verb), body: { text, savedAtMs } } as const;
  await store.write([
    before === undefined
      ? { kind: 'create', ...next }
      : { kind: 'replace', ifVersion: before.version, ...next },
  ]);
}

async function noteRefused(store: LedgerStore, verb: Verb, nowMs: number): Promise<number | undefined> {
  const before = await read(store, verb);
  if (before === undefined) return undefined;
  const { policy, version: ifVersion } = before;
  if (policy.refusedSinceMs !== undefined) return policy.refusedSinceMs;
  const body = { ...policy, refusedSinceMs: nowMs };
  await store.write([{ kind: 'replace', ifVersion, collection: 'policies', key: keyOf(verb), body }]);
  return nowMs;
}

async function read(
  store: LedgerStore,
  verb: Verb,
): Promise<{ policy: StoredPolicy; version: string } | undefined> {
  const document = await store.get('policies', keyOf(verb));
  if (document === undefined) return undefined;
  return { policy: readDocument(store, document, StoredPolicy), version: document.version };
}

function keyOf(verb: Verb): string {
  return documentKey('policy', verb);
}
