import { againOnConflict } from './again-on-conflict.ts';
import { documentKey } from './document-key.ts';
import type { Ledger, Stop } from './ledger.ts';
import { readDocument } from './read-document.ts';
import { StoredStop } from './stop.schema.ts';
import type { LedgerStore } from './store.ts';

type Stops = Pick<Ledger, 'stopped' | 'stop' | 'resume'>;

const KEY = documentKey('stop', 'everything');

/** One document for the whole deployment: while it is there, nothing is touched. It never expires. */
export function openStop(store: LedgerStore): Stops {
  return {
    stopped: async () => (await read(store))?.stop,
    stop: (stop) =>
      againOnConflict(store, async () => {
        const before = await read(store);
        if (before !== undefined) return before.stop;
        const { atMs, by, reason } = stop;
        const body = { atMs, by, ...(reason !== undefined && { reason }) };
        await store.write([{ kind: 'create', collection: 'stops', key: KEY, body }]);
        return undefined;
      }),
    resume: () =>
      againOnConflict(store, async () => {
        const before = await read(store);
        if (before === undefined) return undefined;
        await store.write([{ kind: 'delete', collection: 'stops', key: KEY, ifVersion: before.version }]);
        return before.stop;
      }),
  };
}

async function read(store: LedgerStore): Promise<{ stop: Stop; version: string } | undefined> {
  const document = await store.get('stops', KEY);
  if (document === undefined) return undefined;
  const { atMs, by, reason } = readDocument(store, document, StoredStop);
  return { stop: { atMs, by, ...(reason !== undefined && { reason }) }, version: document.version };
}
