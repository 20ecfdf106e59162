import type { LedgerStore } from './store.ts';
import { type LockClock, WhileLocked } from './while-locked.ts';

/** A store that may find out that what it has open is of no more use. */
export interface OpenedStore extends LedgerStore {
  /** Whether it has to be opened again: what it works in was replaced, deleted, or is damaged. */
  isLost?(): boolean;
}

/**
 * A store that is opened at its first use, and again at the next one after opening failed or after what was open
 * got lost: a function whose ledger is out of reach starts all the same, and refuses each message until the
 * ledger is back.
 *
 * @param place where it is stored, for error messages
 * @param open throws `LedgerUnavailableError` while the storage is out of reach
 * @param clock with it, opening is tried again for a while where another process has a lock
 */
export function reopeningStore(place: string, open: () => OpenedStore, clock?: LockClock): LedgerStore {
  const locked = clock && new WhileLocked(clock);
  let opened: OpenedStore | undefined;
  const store = (): OpenedStore => {
    if (opened?.isLost?.() === true) {
      // Nobody waits for it, and a damaged file may refuse even this.
      opened.close().catch(() => undefined);
      opened = undefined;
    }
    opened ??= open();
    return opened;
  };
  const ready = async (): Promise<OpenedStore> => (locked === undefined ? store() : locked.try(store));
  return {
    place,
    get: async (collection, key) => (await ready()).get(collection, key),
    find: async (request) => (await ready()).find(request),
    count: async (request) => (await ready()).count(request),
    write: async (writes) => (await ready()).write(writes),
    increment: async (key, by, expiresAtMs) => (await ready()).increment(key, by, expiresAtMs),
    close: async () => opened?.close(),
  };
}
