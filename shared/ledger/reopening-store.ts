import { LedgerTornError } from './errors.ts';
import type { FileLoss } from './file-identity.ts';
import type { LedgerStore } from './store.ts';
import { type LockClock, WhileLocked } from './while-locked.ts';

/** A store that may find out that what it has open is of no more use. */
export interface OpenedStore extends LedgerStore {
  /** `replaced`, `damaged`: it has to be opened again. `torn`: this process can use it no more. */
  loss?(): FileLoss | 'damaged' | undefined;
}

export interface Reopening {
  /** With it, opening is tried again for a while where another process has a lock. */
  readonly clock?: LockClock;
  /** Told once, when the store can be used again or never will be. Of damage, whoever uses the store is told. */
  readonly onLoss?: ((loss: FileLoss) => void) | undefined;
}

/**
 * A store that is opened at its first use, and again at the next one after opening failed or after what was open
 * got lost: a function whose ledger is out of reach starts all the same, and refuses each message until the
 * ledger is back.
 *
 * @param place where it is stored, for error messages
 * @param open throws `LedgerUnavailableError` while the storage is out of reach
 */
export function reopeningStore(
  place: string,
  open: () => OpenedStore,
  { clock, onLoss }: Reopening = {},
): LedgerStore {
  const locked = clock && new WhileLocked(clock);
  let opened: OpenedStore | undefined;
  /** What is to be told, or was. */
  let lost: FileLoss | undefined;
  const store = (): OpenedStore => {
    const loss = opened?.loss?.();
    if (loss === 'torn') {
      const isNews = lost !== 'torn';
      lost = loss;
      if (isNews) onLoss?.(loss);
      throw new LedgerTornError(place);
    }
    if (loss !== undefined) {
      // Nobody waits for it, and a damaged file may refuse even this.
      opened?.close().catch(() => undefined);
      opened = undefined;
      if (loss === 'replaced') lost = loss;
    }
    if (opened === undefined) {
      opened = open();
      if (lost !== undefined) onLoss?.(lost);
      lost = undefined;
    }
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
