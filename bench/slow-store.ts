import type { LedgerStore } from '../shared/ledger/store.ts';
import type { SimulatorClock } from '../simulator/clock.ts';

/**
 * A ledger's storage that takes its time, as one over a network does: each call waits before it is done. Whatever
 * a store can do, the slow one can.
 */
export function slowStore(store: LedgerStore, clock: SimulatorClock, delayMs: () => number): LedgerStore {
  return new Proxy(store, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property);
      if (typeof member !== 'function') return member;
      return async (...parameters: unknown[]): Promise<unknown> => {
        await clock.sleep(delayMs());
        return Reflect.apply(member, target, parameters);
      };
    },
  });
}
