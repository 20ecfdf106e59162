import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { DocumentRow } from './document-row.schema.ts';
import { ConflictError, UnreadableDocumentError } from './errors.ts';
import { FileIdentity, type FileLoss } from './file-identity.ts';
import { parseBody } from './parse-body.ts';
import { DAY_MS } from './spans.ts';
import { asLedgerFault, isDamaged } from './sqlite-faults.ts';
import { openSqliteFile } from './sqlite-file.ts';
import type { Collection, CountRequest, FindRequest, LedgerStore, StoredDocument, Write } from './store.ts';
import { type LockClock, lockTimeoutMs, WhileLocked } from './while-locked.ts';

const COLUMNS = 'key, version, body, grp, due, expires';
const LIVE = '(expires IS NULL OR expires > ?)';

/** Every so many writes of all processes together, expired rows are deleted, at most so many at once. */
const WRITES_BETWEEN_CLEANINGS = 1_000;
const MOST_CLEANED = 5_000;
/** A clock that jumps ahead for a while must not erase what it only takes for expired. */
const KEPT_AFTER_EXPIRY_MS = DAY_MS;

export interface SqliteStoreOptions {
  /** A file, made when it is not there; or `:memory:`. */
  readonly path: string;
  /** With `sleep`, everything else goes on while another process's lock is waited for. */
  readonly clock: LockClock;
  /** An empty ledger says that nothing was ever done: who only reads one wants no new one. */
  readonly mustExist?: boolean;
}

/**
 * A ledger's storage in one SQLite file, which any number of processes on one machine may share. The file
 * must be on a local disk: SQLite's locks do not hold over a network.
 */
export class SqliteStore implements LedgerStore {
  readonly place: string;
  readonly #clock: LockClock;
  readonly #locked: WhileLocked;
  readonly #database: DatabaseSync;
  readonly #file: FileIdentity;
  readonly #statements = new Map<string, StatementSync>();
  #isDamaged = false;

  /** Throws `LedgerUnavailableError` when the path cannot be opened, or is no ledger that we can read. */
  constructor({ path, clock, mustExist = false }: SqliteStoreOptions) {
    this.place = path;
    this.#clock = clock;
    this.#locked = new WhileLocked(clock);
    const firstVersion = Math.floor(clock.now());
    this.#database = this.#once(() =>
      openSqliteFile(path, { firstVersion, lockTimeoutMs: lockTimeoutMs(clock), mustExist }),
    );
    this.#file = new FileIdentity(path, clock.now());
  }

  async get(collection: Collection, key: string): Promise<StoredDocument | undefined> {
    return this.#answered(() => {
      const row = this.#prepared(
        `SELECT ${COLUMNS} FROM documents WHERE collection = ? AND key = ? AND ${LIVE}`,
      ).get(collection, key, this.#clock.now());
      return row === undefined ? undefined : this.#toDocument(collection, row);
    });
  }

  async find({
    collection,
    group,
    dueUpToMs,
    afterKey,
    limit,
  }: FindRequest): Promise<readonly StoredDocument[]> {
    const conditions: [string, SQLInputValue][] = [
      ['collection = ?', collection],
      [LIVE, this.#clock.now()],
    ];
    if (group !== undefined) conditions.push(['grp = ?', group]);
    if (dueUpToMs !== undefined) conditions.push(['due <= ?', dueUpToMs]);
    if (afterKey !== undefined) conditions.push(['key > ?', afterKey]);
    const where = conditions.map(([condition]) => condition).join(' AND ');
    const order = dueUpToMs === undefined ? 'key' : 'due, key';
    const sql = `SELECT ${COLUMNS} FROM documents WHERE ${where} ORDER BY ${order} LIMIT ?`;
    const values = conditions.map(([, value]) => value);
    return this.#answered(() =>
      this.#prepared(sql)
        .all(...values, limit)
        .map((row) => this.#toDocument(collection, row)),
    );
  }

  async count({ collection, group, fromKey, beforeKey }: CountRequest): Promise<number> {
    const conditions: [string, SQLInputValue][] = [
      ['collection = ?', collection],
      // A range of keys is narrower than the group, whose index is then not to be taken [SQLite: unary plus].
      [fromKey === undefined ? 'grp = ?' : '+grp = ?', group],
      ['expires > ?', this.#clock.now()],
    ];
    if (fromKey !== undefined) conditions.push(['key >= ?', fromKey]);
    if (beforeKey !== undefined) conditions.push(['key < ?', beforeKey]);
    const where = conditions.map(([condition]) => condition).join(' AND ');
    const values = conditions.map(([, value]) => value);
    return this.#answered(() => {
      const row = this.#prepared(`SELECT count(*) AS count FROM documents WHERE ${where}`).get(...values);
      return Number(row?.['count']);
    });
  }

  async write(writes: readonly Write[]): Promise<readonly string[]> {
    return this.#inTransaction(() => writes.map((write, index) => this.#apply(write, index)));
  }

  async increment(key: string, by: number, expiresAtMs: number): Promise<number> {
    return this.#inTransaction(() => {
      const place = { collection: 'counters', key } as const;
      const row = this.#prepared(
        `SELECT ${COLUMNS} FROM documents WHERE collection = ? AND key = ? AND ${LIVE}`,
      ).get(place.collection, key, this.#clock.now());
      const before = row === undefined ? 0 : this.#toDocument('counters', row).body['count'];
      if (typeof before !== 'number') {
        throw new UnreadableDocumentError(this.place, 'counters', key, 'count: expected a number');
      }
      this.#put({ ...place, body: { count: before + by }, expiresAtMs });
      return before + by;
    });
  }

  async close(): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
  }

  loss(): FileLoss | 'damaged' | undefined {
    if (!this.#database.isOpen) return undefined;
    return this.#file.loss(this.#clock.now()) ?? (this.#isDamaged ? 'damaged' : undefined);
  }

  #apply(write: Write, index: number): string {
    const { collection, key } = write;
    const stored = this.#prepared(
      `SELECT version, ${LIVE} AS live FROM documents WHERE collection = ? AND key = ?`,
    ).get(this.#clock.now(), collection, key);
    if (write.kind === 'create') {
      if (stored?.['live'] === 1) throw new ConflictError(write, index);
      return this.#put(write);
    }
    if (stored === undefined || String(stored['version']) !== write.ifVersion)
      throw new ConflictError(write, index);
    if (write.kind === 'replace') return this.#put(write);
    this.#prepared('DELETE FROM documents WHERE collection = ? AND key = ?').run(collection, key);
    return '';
  }

  #put({ collection, key, body, group, dueAtMs, expiresAtMs }: Omit<StoredDocument, 'version'>): string {
    const version = this.#nextVersion();
    this.#prepared(
      `INSERT OR REPLACE INTO documents (collection, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      collection,
      key,
      version,
      JSON.stringify(body),
      group ?? null,
      dueAtMs ?? null,
      expiresAtMs ?? null,
    );
    return String(version);
  }

  /** One count for the whole file, so that no version ever comes back. */
  #nextVersion(): number {
    const row = this.#prepared('UPDATE last_version SET version = version + 1 RETURNING version').get();
    const version = Number(row?.['version']);
    if (version % WRITES_BETWEEN_CLEANINGS === 0) this.#deleteExpired();
    return version;
  }

  #deleteExpired(): void {
    this.#prepared(
      'DELETE FROM documents WHERE rowid IN (SELECT rowid FROM documents WHERE expires <= ? LIMIT ?)',
    ).run(this.#clock.now() - KEPT_AFTER_EXPIRY_MS, MOST_CLEANED);
  }

  /** Takes the write lock at the start: whoever first reads and then wants to write may be refused it. */
  #inTransaction<T>(work: () => T): T | Promise<T> {
    return this.#answered(() => {
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        this.#database.exec('COMMIT');
        return result;
      } finally {
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      }
    });
  }

  #answered<T>(work: () => T): T | Promise<T> {
    return this.#locked.try(() => this.#once(work));
  }

  #once<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const fault = asLedgerFault(error, this.place);
      if (isDamaged(fault)) this.#isDamaged = true;
      throw fault;
    }
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #toDocument(collection: Collection, row: unknown): StoredDocument {
    const { key, version, body, grp, due, expires } = DocumentRow.parse(row);
    return {
      collection,
      key,
      version: String(version),
      ...parseBody(body),
      ...(grp === null ? {} : { group: grp }),
      ...(due === null ? {} : { dueAtMs: due }),
      ...(expires === null ? {} : { expiresAtMs: expires }),
    };
  }
}
