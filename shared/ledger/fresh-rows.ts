import type { LedgerStore, StoredDocument, Write } from './store.ts';

/** Rows are marked within seconds. Who adds more at once reads the oldest again. */
const MOST = 1_000;

/** A store that remembers the alert rows which it has just created, so that whoever publishes one need not read it. */
export interface FreshRows {
  readonly store: LedgerStore;
  /** The row as this process wrote it, once; somebody else may have changed it since. */
  take(key: string): StoredDocument | undefined;
}

export function rememberFreshRows(store: LedgerStore): FreshRows {
  const rows = new Map<string, StoredDocument>();
  const remember = (write: Write, version: string | undefined): void => {
    if (write.kind !== 'create' || write.collection !== 'outbox' || version === undefined) return;
    const { kind: _, ...document } = write;
    rows.set(write.key, { ...document, version });
    const [oldest] = rows.keys();
    if (rows.size > MOST && oldest !== undefined) rows.delete(oldest);
  };
  return {
    store: {
      place: store.place,
      get: (collection, key) => store.get(collection, key),
      find: (request) => store.find(request),
      write: async (writes) => {
        const versions = await store.write(writes);
        for (const [index, write] of writes.entries()) remember(write, versions[index]);
        return versions;
      },
      increment: (key, by, expiresAtMs) => store.increment(key, by, expiresAtMs),
      close: () => store.close(),
    },
    take: (key) => {
      const row = rows.get(key);
      rows.delete(key);
      return row;
    },
  };
}
