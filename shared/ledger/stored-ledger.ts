import type { Clock } from '../ports/clock.ts';
import { openBreakerSlots } from './breaker-slots.ts';
import { openBreakerTrips } from './breaker-trips.ts';
import { openCertificates } from './certificates.ts';
import { openClaims } from './claims.ts';
import { openDeadLetters } from './dead-letters.ts';
import { openFailureCounts } from './failure-counts.ts';
import { rememberFreshRows } from './fresh-rows.ts';
import { openGoodPolicy } from './good-policy.ts';
import { openHistoryMarks } from './history-marks.ts';
import { openLeases } from './leases.ts';
import type { Ledger } from './ledger.ts';
import { openLooks } from './looks.ts';
import { openOutboxRows } from './outbox-rows.ts';
import { openRunningSets } from './running-sets.ts';
import { openStop } from './stop.ts';
import type { LedgerStore } from './store.ts';

/** The ledger on top of any store. The clock must be the one that the store checks expiry by. */
export function openLedger(given: LedgerStore, clock: Pick<Clock, 'now'>): Ledger {
  const fresh = rememberFreshRows(given);
  const { store } = fresh;
  return {
    ...openClaims(store, clock),
    ...openCertificates(store),
    ...openBreakerSlots(store, clock),
    ...openBreakerTrips(store, clock),
    ...openOutboxRows(fresh, clock),
    ...openFailureCounts(store),
    ...openLooks(store, clock),
    ...openRunningSets(store),
    ...openHistoryMarks(store),
    ...openLeases(store, clock),
    ...openGoodPolicy(store, clock),
    ...openStop(store),
    ...openDeadLetters(store, clock),
    close: () => store.close(),
  };
}
