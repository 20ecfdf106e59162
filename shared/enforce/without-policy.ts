import { LIST_PRICES } from '../cost/price-table.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Policies } from '../policy/policy.ts';
import type { EnforcePorts } from './ports.ts';

/** Under this name the ledger and alerts have what people did by hand. */
export const BY_HAND = 'by-hand';

/** What an act by hand has of the world: no policy judges it, and its alerts are published by the next tick. */
export type WithoutPolicy<Ports extends EnforcePorts = EnforcePorts> = Omit<Ports, 'policies' | 'publisher'>;

export const NO_POLICIES: Policies = {
  generation: BY_HAND,
  cancel: [],
  retry: [],
  purge: [],
  prices: LIST_PRICES,
};

/**
 * What the act's own steps want besides. Alerts commit with the receipt and are left to a tick; those about
 * the watchdog's health (a permission that is missing, a clock that is wrong) are dropped, for here they would
 * speak of the person's own account and machine.
 */
export function withoutPolicy<Ports extends WithoutPolicy>(
  ports: Ports,
): Ports & Pick<EnforcePorts, 'policies' | 'publisher'> {
  const ledger: Ledger = { ...ports.ledger, addAlerts: async () => [] };
  return {
    ...ports,
    ledger,
    // Neither policies nor a stop have a say in what a person does.
    policies: { latest: async () => NO_POLICIES, recent: async () => NO_POLICIES, isStopped: () => false },
    publisher: {
      publish: async () => {
        throw new LeftToTickError();
      },
    },
  };
}

/** The alert stays in the outbox, as with a transport that does not answer. */
class LeftToTickError extends Error {
  override readonly name = 'LeftToTickError';

  constructor() {
    super('alerts of acts by hand are published by the next sweep of a function');
  }
}
