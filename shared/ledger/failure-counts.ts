import { documentKey } from './document-key.ts';
import { StoredCount } from './failure-counts.schema.ts';
import type { Ledger } from './ledger.ts';
import { readDocument } from './read-document.ts';
import type { LedgerStore } from './store.ts';

type FailureCounts = Pick<Ledger, 'countFailure'>;

/** Of so many spans the counts are kept: what is older than that presses no more. */
const SPANS = 6;

/** How many jobs of a project failed lately with one reason: a counter for each span of time, none of them hot. */
export function openFailureCounts(store: LedgerStore): FailureCounts {
  return {
    countFailure: async (projectId, reason, atMs, spanMs) => {
      const startMs = Math.floor(atMs / spanMs) * spanMs;
      const keyAt = (age: number) =>
        documentKey('failures', projectId, reason, String(startMs - age * spanMs));
      const now = await store.increment(keyAt(0), 1, startMs + (SPANS + 1) * spanMs);
      const ages = Array.from({ length: SPANS - 1 }, (_, index) => index + 1);
      return [now, ...(await Promise.all(ages.map((age) => countAt(store, keyAt(age)))))];
    },
  };
}

async function countAt(store: LedgerStore, key: string): Promise<number> {
  const document = await store.get('counters', key);
  return document === undefined ? 0 : readDocument(store, document, StoredCount).count;
}
