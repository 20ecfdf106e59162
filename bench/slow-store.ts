import type { LedgerStore } from '../shared/ledger/store.ts';
import type { SimulatorClock } from '../simulator/clock.ts';

/** A ledger's storage that takes its time, as one over a network does: each call waits before it is done. */
export function slowStore(store: LedgerStore, clock: SimulatorClock, delayMs: () => number): LedgerStore {
  const late = async <T>(call: () => Promise<T>): Promise<T> => {
    await clock.sleep(delayMs());
    return call();
  };
  return {
    place: store.place,
    get: (collection, key) => late(() => store.get(collection, key)),
    find: (request) => late(() => store.find(request)),
    write: (writes) => late(() => store.write(writes)),
    increment: (key, by, expiresAtMs) => late(() => store.increment(key, by, expiresAtMs)),
    close: () => store.close(),
  };
}
