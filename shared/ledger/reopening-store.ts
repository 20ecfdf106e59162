import type { LedgerStore } from './store.ts';

/**
 * A store that is opened at its first use, and again at the next one after opening failed: a function whose
 * ledger is out of reach starts all the same, and refuses each message until the ledger is back.
 *
 * @param place where it is stored, for error messages
 * @param open throws `LedgerUnavailableError` while the storage is out of reach
 */
export function reopeningStore(place: string, open: () => LedgerStore): LedgerStore {
  let opened: LedgerStore | undefined;
  const store = (): LedgerStore => {
    opened ??= open();
    return opened;
  };
  return {
    place,
    get: async (collection, key) => store().get(collection, key),
    find: async (request) => store().find(request),
    write: async (writes) => store().write(writes),
    increment: async (key, by, expiresAtMs) => store().increment(key, by, expiresAtMs),
    close: async () => opened?.close(),
  };
}
