/** The kinds of documents a ledger holds; each has its own module that knows its shape. */
export type Collection =
  | 'claims'
  | 'claim-times'
  | 'certificates'
  | 'breakers'
  | 'slots'
  | 'claim-slots'
  | 'outbox'
  | 'counters'
  | 'looks'
  | 'sweep-marks'
  | 'running-sets'
  | 'history-marks'
  | 'leases'
  | 'policies'
  | 'stops'
  | 'dead-letters';

/** A JSON object. Text of a job never stands in one. */
export type Body = Readonly<Record<string, unknown>>;

export interface StoredDocument {
  readonly collection: Collection;
  /** As `documentKey` and `numberedKey` make it: ASCII, no `/`, at most 1,035 characters, with a `:` inside. */
  readonly key: string;
  /** Changes with every write and never comes back, also after a delete. Opaque. */
  readonly version: string;
  /** `readDocument` checks it. Empty where there is a `fault`. */
  readonly body: Body;
  /** Why what is stored is no body. It is found all the same, so that it takes nothing from others. */
  readonly fault?: string;
  /** What `find` selects by: a group of documents, and when each falls due (milliseconds since the epoch). */
  readonly group?: string;
  readonly dueAtMs?: number;
  /** From then on the document counts as absent, though it may still be stored. */
  readonly expiresAtMs?: number;
}

export type Write =
  /** Fails if a live document of that key exists. An expired one is replaced. */
  | ({ readonly kind: 'create' } & Omit<StoredDocument, 'version' | 'fault'>)
  /** Fails unless the stored version is still `ifVersion`. Of an expired document either may happen. */
  | ({ readonly kind: 'replace'; readonly ifVersion: string } & Omit<StoredDocument, 'version' | 'fault'>)
  | {
      readonly kind: 'delete';
      readonly collection: Collection;
      readonly key: string;
      readonly ifVersion: string;
    };

export interface FindRequest {
  readonly collection: Collection;
  readonly group?: string;
  /** Only documents with `dueAtMs` at or before this. Results are then ordered by `dueAtMs`, otherwise by key. */
  readonly dueUpToMs?: number;
  readonly limit: number;
  /** Keys after this one, for paging a find without `dueUpToMs`. */
  readonly afterKey?: string;
}

export interface CountRequest {
  readonly collection: Collection;
  readonly group: string;
  /** Only keys from this one on, and only those before that one. */
  readonly fromKey?: string;
  readonly beforeKey?: string;
}

/**
 * The few things a ledger's storage must be able to do, each of which SQLite and Firestore can do at once
 * and atomically. Everything that has a meaning (claims, slots, outbox, …) is written once, above it.
 *
 * Every method throws `LedgerUnavailableError` when the storage does not answer; after one thrown by
 * `write` the outcome is unknown.
 */
export interface LedgerStore {
  /** Where it is stored, for error messages. */
  readonly place: string;
  get(collection: Collection, key: string): Promise<StoredDocument | undefined>;
  find(request: FindRequest): Promise<readonly StoredDocument[]>;
  /**
   * How many documents of a group will expire and have not yet, all at one moment. Those that never expire are
   * not counted. Cheap: no document is read.
   */
  count(request: CountRequest): Promise<number>;
  /**
   * All writes or none. Returns the new version of each (for a delete: the empty string), in order.
   * Throws `ConflictError`, naming the first write whose condition failed, and then has written nothing.
   */
  write(writes: readonly Write[]): Promise<readonly string[]>;
  /** Adds to a number that starts at 0, also when the one stored has expired, and returns the sum. */
  increment(key: string, by: number, expiresAtMs: number): Promise<number>;
  close(): Promise<void>;
}
