import type { LedgerStore } from '../../shared/ledger/store.ts';
import type { ManualClock } from './manual-clock.ts';

/** Opens an empty store that tells time by that clock, and closes it when the test has finished. */
export type OpenStore = (clock: ManualClock) => Promise<LedgerStore>;
