import type { Collection, CountRequest, FindRequest, LedgerStore, Write } from '../../shared/ledger/store.ts';

/** What Firestore bills, and by what it would be asked. */
export interface Recording {
  /** Every find, as it was asked. */
  readonly finds: FindRequest[];
  /** Every count, as it was asked. */
  readonly counts: CountRequest[];
  /** The collections with documents that expire. */
  readonly expiring: Set<Collection>;
  reads: number;
  writes: number;
  deletes: number;
}

export function newRecording(): Recording {
  return { finds: [], counts: [], expiring: new Set(), reads: 0, writes: 0, deletes: 0 };
}

/**
 * Counts what a store is asked as Firestore bills it: a read for each document, at least one for each query
 * and for each document that is not there; for a count, a read for every thousand index entries that it goes
 * through, begun ones too [Firestore: pricing]. Those are taken to be the whole group's, also where only a range
 * of its keys is asked for. Adding to a counter reads twice and writes once.
 */
export function recordingStore(store: LedgerStore, recording: Recording): LedgerStore {
  const count = (write: Write): void => {
    recording[write.kind === 'delete' ? 'deletes' : 'writes'] += 1;
    if (write.kind !== 'delete' && write.expiresAtMs !== undefined) recording.expiring.add(write.collection);
  };
  return {
    place: store.place,
    get: (collection, key) => {
      recording.reads += 1;
      return store.get(collection, key);
    },
    find: async (request) => {
      recording.finds.push(request);
      const found = await store.find(request);
      recording.reads += Math.max(1, found.length);
      return found;
    },
    count: async (request) => {
      recording.counts.push(request);
      const { collection, group } = request;
      const entries = await store.count({ collection, group });
      recording.reads += Math.max(1, Math.ceil(entries / 1_000));
      return store.count(request);
    },
    write: async (writes) => {
      try {
        const versions = await store.write(writes);
        writes.forEach(count);
        return versions;
      } catch (error) {
        // A refused batch is read, to find out what refused it.
        recording.reads += writes.length;
        throw error;
      }
    },
    increment: (key, by, expiresAtMs) => {
      recording.reads += 2;
      recording.writes += 1;
      recording.expiring.add('counters');
      return store.increment(key, by, expiresAtMs);
    },
    close: () => store.close(),
  };
}
