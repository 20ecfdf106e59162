import type { DocumentReference, Timestamp } from '@google-cloud/firestore';
import type { Clock } from '../ports/clock.ts';
import { LedgerUnavailableError, UnreadableDocumentError } from './errors.ts';
import { type Found, firstConflict, toBatch, versionsWritten } from './firestore-batch.ts';
import { FirestoreClient, type FirestoreClientOptions, type OpenFirestore } from './firestore-client.ts';
import { type FoundDocument, newWriteId, readSnapshot, referenceTo } from './firestore-document.ts';
import { countOf, queryOf } from './firestore-query.ts';
import { timeOf, versionOf } from './firestore-version.ts';
import type { Collection, CountRequest, FindRequest, LedgerStore, StoredDocument, Write } from './store.ts';

/** How often a commit is sent again that Firestore refused although all its conditions held when looked at. */
const MOST_ROUNDS = 8;
const FIRST_PAUSE_MS = 10;

export interface FirestoreStoreOptions extends FirestoreClientOptions {
  readonly clock: Clock;
}

/**
 * A ledger's storage in a Firestore database (Native mode), which any number of instances may share. Made of
 * single commits under conditions: transactions on a document that many want would abort each other.
 *
 * Expiry is checked when reading, for Firestore's TTL deletes up to a day later.
 */
export class FirestoreStore implements LedgerStore {
  readonly place: string;
  readonly #clock: Clock;
  readonly #client: FirestoreClient;

  constructor(options: FirestoreStoreOptions) {
    this.#clock = options.clock;
    this.#client = new FirestoreClient(options);
    this.place = this.#client.place;
  }

  async get(collection: Collection, key: string): Promise<StoredDocument | undefined> {
    const [document] = await this.#read([{ collection, key }]);
    return document !== undefined && this.#isLive(document) ? asStored(document) : undefined;
  }

  async find(request: FindRequest): Promise<readonly StoredDocument[]> {
    return this.#client.ask(async (firestore) => {
      const query = queryOf(request, firestore);
      const live: StoredDocument[] = [];
      let from = request.afterKey === undefined ? query : query.startAfter(request.afterKey);
      // Expired documents fill pages, too, until they are deleted.
      while (live.length < request.limit) {
        const { docs } = await from.limit(request.limit).get();
        for (const snapshot of docs) {
          const document = readSnapshot(request.collection, snapshot);
          if (document !== undefined && this.#isLive(document)) live.push(asStored(document));
        }
        const last = docs.at(-1);
        if (last === undefined || docs.length < request.limit) break;
        from = query.startAfter(last);
      }
      return live.slice(0, request.limit);
    });
  }

  async count(request: CountRequest): Promise<number> {
    return this.#client.ask(async (firestore) => {
      const counted = await countOf(request, this.#clock.now(), firestore).count().get();
      return counted.data().count;
    });
  }

  async write(writes: readonly Write[]): Promise<readonly string[]> {
    if (writes.length === 0) return [];
    const writeId = await this.#client.ask(async (firestore) => newWriteId(firestore));
    let found: Found = [];
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const versions = await this.#commit(writes, found, writeId);
      if (versions !== undefined) return versions;
      found = await this.#read(writes);
      const written = versionsWritten(writes, found, writeId);
      if (written !== undefined) return written;
      const conflict = firstConflict(writes, found, (document) => this.#isLive(document));
      if (conflict !== undefined) throw conflict;
      if (round > 0) await this.#clock.sleep(FIRST_PAUSE_MS * 2 ** round);
    }
    const fault = `it refused a commit ${MOST_ROUNDS} times although its conditions held`;
    throw new LedgerUnavailableError(this.place, fault, 'too many write at once; try again later');
  }

  /**
   * Adds without a condition, so that any number of instances may at once, and then reads the sum as it was
   * at the very moment of this write. Only one that has expired is replaced, on condition that it still stands.
   */
  async increment(key: string, by: number, expiresAtMs: number): Promise<number> {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const [stored] = await this.#read([{ collection: 'counters', key }]);
      if (stored !== undefined && !this.#isLive(stored)) {
        if (await this.#startAnew(stored, by, expiresAtMs)) return by;
      } else {
        const addedAt = await this.#add(key, by, expiresAtMs);
        if (addedAt !== undefined) return this.#countAt(key, addedAt);
      }
      if (round > 0) await this.#clock.sleep(FIRST_PAUSE_MS * 2 ** round);
    }
    const fault = `it refused to count ${key} ${MOST_ROUNDS} times`;
    throw new LedgerUnavailableError(this.place, fault, 'too many write at once; try again later');
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  /** The new versions, or undefined when the commit was refused. */
  async #commit(
    writes: readonly Write[],
    found: Found,
    writeId: string,
  ): Promise<readonly string[] | undefined> {
    const results = await this.#client.askUnlessRefused((firestore) =>
      toBatch(writes, found, writeId, firestore).commit(),
    );
    return results?.map(({ writeTime }, index) =>
      writes[index]?.kind === 'delete' ? '' : versionOf(writeTime),
    );
  }

  async #read(places: readonly Pick<StoredDocument, 'collection' | 'key'>[]): Promise<Found> {
    return this.#client.ask(async (firestore) => {
      const references = places.map((place) => referenceTo(firestore, place));
      const snapshots = await firestore.database.getAll(...references);
      return places.map(({ collection }, index) => {
        const snapshot = snapshots[index];
        return snapshot && readSnapshot(collection, snapshot);
      });
    });
  }

  /** When it was added, or undefined when it was not. */
  async #add(key: string, by: number, expiresAtMs: number): Promise<Timestamp | undefined> {
    const added = await this.#client.askUnlessRefused((firestore) => {
      const { FieldValue, Timestamp } = firestore.sdk;
      const fields = { count: FieldValue.increment(by), expiresAt: Timestamp.fromMillis(expiresAtMs) };
      return counter(key, firestore).set(fields, { merge: true });
    });
    return added?.writeTime;
  }

  async #countAt(key: string, readTime: Timestamp): Promise<number> {
    const read = await this.#client.ask((firestore) =>
      firestore.database.runTransaction((moment) => moment.get(counter(key, firestore)), {
        readOnly: true,
        readTime,
      }),
    );
    const count = readSnapshot('counters', read)?.body['count'];
    if (typeof count === 'number') return count;
    throw new UnreadableDocumentError(this.place, 'counters', key, 'count: expected a number');
  }

  async #startAnew(expired: StoredDocument, count: number, expiresAtMs: number): Promise<boolean> {
    const { key, version } = expired;
    const written = await this.#client.askUnlessRefused(async (firestore) => {
      const lastUpdateTime = timeOf(version, firestore);
      const expiresAt = firestore.sdk.Timestamp.fromMillis(expiresAtMs);
      return counter(key, firestore).update(
        { count, expiresAt },
        lastUpdateTime === undefined ? {} : { lastUpdateTime },
      );
    });
    return written !== undefined;
  }

  #isLive({ expiresAtMs }: StoredDocument): boolean {
    return expiresAtMs === undefined || expiresAtMs > this.#clock.now();
  }
}

function counter(key: string, firestore: OpenFirestore): DocumentReference {
  return referenceTo(firestore, { collection: 'counters', key });
}

function asStored({ writeId: _, ...document }: FoundDocument): StoredDocument {
  return document;
}
