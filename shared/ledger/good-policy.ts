import type { Clock } from '../ports/clock.ts';
import { againOnConflict } from './again-on-conflict.ts';
import { documentKey } from './document-key.ts';
import { StoredPolicy } from './good-policy.schema.ts';
import type { GoodPolicy, Ledger } from './ledger.ts';
import { readDocument } from './read-document.ts';
import type { LedgerStore } from './store.ts';

type GoodPolicies = Pick<Ledger, 'savePolicy' | 'lastGoodPolicy'>;

const KEY = documentKey('policy', 'last-good');

/** The last good text of the policy file, kept for ever: a new instance that meets a broken file serves it. */
export function openGoodPolicy(store: LedgerStore, clock: Pick<Clock, 'now'>): GoodPolicies {
  return {
    savePolicy: (text) => againOnConflict(store, () => save(store, text, clock.now())),
    lastGoodPolicy: async () => (await read(store))?.policy,
  };
}

/** Writes nothing when the text stands already: every instance saves what it starts with. */
async function save(store: LedgerStore, text: string, savedAtMs: number): Promise<void> {
  const before = await read(store);
  if (before?.policy.text === text) return;
  const next = { collection: 'policies', key: KEY, body: { text, savedAtMs } } as const;
  await store.write([
    before === undefined
      ? { kind: 'create', ...next }
      : { kind: 'replace', ifVersion: before.version, ...next },
  ]);
}

async function read(store: LedgerStore): Promise<{ policy: GoodPolicy; version: string } | undefined> {
  const document = await store.get('policies', KEY);
  if (document === undefined) return undefined;
  return { policy: readDocument(store, document, StoredPolicy), version: document.version };
}
