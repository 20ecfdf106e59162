import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import type { Collection, LedgerStore, StoredDocument, Write } from '../../shared/ledger/store.ts';

/** Who uses the store, with the clock of his own that expiry is checked by. */
export interface StoreUser {
  readonly id: string;
  now(): number;
}

export interface StoreListener {
  written(user: StoreUser, writes: readonly Write[]): void;
  read(user: StoreUser, collection: Collection, key: string, found: StoredDocument | undefined): void;
}

/** The one ledger of a world, in memory. SQLite does its work at once, so each user can have his own time. */
export class SharedStore {
  #store: SqliteStore;
  #now: () => number;
  readonly #listener: StoreListener;

  constructor(worldNow: () => number, listener: StoreListener) {
    this.#now = worldNow;
    this.#listener = listener;
    this.#store = this.#fresh();
  }

  /** Everything in it is lost. */
  wipe(now: () => number): void {
    this.#now = now;
    void this.#store.close();
    this.#store = this.#fresh();
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  as(user: StoreUser): LedgerStore {
    const at = <T>(work: (store: SqliteStore) => Promise<T>): Promise<T> => {
      this.#now = () => user.now();
      return work(this.#store);
    };
    return {
      place: 'the ledger of this world',
      get: async (collection, key) => {
        const document = await at((store) => store.get(collection, key));
        this.#listener.read(user, collection, key, document);
        return document;
      },
      find: (request) => at((store) => store.find(request)),
      count: (request) => at((store) => store.count(request)),
      // Told at the moment of the write, not when the writer learns of it.
      write: (writes) => {
        const written = at((store) => store.write(writes));
        return written.then((versions) => {
          this.#listener.written(user, writes);
          return versions;
        });
      },
      increment: (key, by, expiresAtMs) => at((store) => store.increment(key, by, expiresAtMs)),
      close: async () => undefined,
    };
  }

  #fresh(): SqliteStore {
    return new SqliteStore({ path: ':memory:', clock: { now: () => this.#now() } });
  }
}
