import type { Clock } from '../ports/clock.ts';
import { againOnConflict } from './again-on-conflict.ts';
import { documentKey } from './document-key.ts';
import { StoredPolicy } from './good-policy.schema.ts';
import type { Ledger } from './ledger.ts';
import { readDocument } from './read-document.ts';
import type { LedgerStore } from './store.ts';

type GoodPolicies = Pick<Ledger, 'savePolicy' | 'lastGoodPolicy' | 'noteRefusedPolicy'>;

const KEY = documentKey('policy', 'last-good');

/** The last good text of the policy file, kept for ever: a new instance that meets a broken file serves it. */
export function openGoodPolicy(store: LedgerStore, clock: Pick<Clock, 'now'>): GoodPolicies {
  return {
    savePolicy: (text) => againOnConflict(store, () => save(store, text, clock.now())),
    lastGoodPolicy: async () => {
      const stored = await read(store);
      return stored && { text: stored.policy.text, savedAtMs: stored.policy.savedAtMs };
    },
    noteRefusedPolicy: () => againOnConflict(store, () => noteRefused(store, clock.now())),
  };
}

/** Writes nothing when the text stands already and is not refused: every instance saves what it starts with. */
async function save(store: LedgerStore, text: string, savedAtMs: number): Promise<void> {
  const before = await read(store);
  if (before?.policy.text === text && before.policy.refusedSinceMs === undefined) return;
  const next = { collection: 'policies', key: KEY, body: { text, savedAtMs } } as const;
  await store.write([
    before === undefined
      ? { kind: 'create', ...next }
      : { kind: 'replace', ifVersion: before.version, ...next },
  ]);
}

async function noteRefused(store: LedgerStore, nowMs: number): Promise<number | undefined> {
  const before = await read(store);
  if (before === undefined) return undefined;
  const { policy, version: ifVersion } = before;
  if (policy.refusedSinceMs !== undefined) return policy.refusedSinceMs;
  const body = { ...policy, refusedSinceMs: nowMs };
  await store.write([{ kind: 'replace', ifVersion, collection: 'policies', key: KEY, body }]);
  return nowMs;
}

async function read(store: LedgerStore): Promise<{ policy: StoredPolicy; version: string } | undefined> {
  const document = await store.get('policies', KEY);
  if (document === undefined) return undefined;
  return { policy: readDocument(store, document, StoredPolicy), version: document.version };
}
