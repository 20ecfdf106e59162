import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { LedgerMissingError, LedgerUnavailableError } from './errors.ts';

/** Stands in the file's header, and tells our files from those of other programs ("BQJW"). */
const APPLICATION_ID = 0x42514a57;
const SCHEMA_VERSION = 1;

/** `expires` has an index for housekeeping, `due` for `find`. */
const SCHEMA = `
  CREATE TABLE documents (
    collection TEXT NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    grp TEXT,
    due INTEGER,
    expires INTEGER,
    PRIMARY KEY (collection, key)
  );
  CREATE INDEX documents_due ON documents (collection, grp, due);
  CREATE INDEX documents_expires ON documents (expires) WHERE expires IS NOT NULL;
  CREATE TABLE last_version (version INTEGER NOT NULL);
`;

const Header = z.object({ applicationId: z.number(), schemaVersion: z.number(), tables: z.number() });

export interface SqliteFileOptions {
  /** Where a new file starts to count its versions; they must not be those of a lost file, for somebody may still hold one. */
  readonly firstVersion: number;
  /** How long SQLite waits for another process's lock; meanwhile nothing else of this process goes on. */
  readonly lockTimeoutMs: number;
  /** A file that is not there, or is empty, is not made a ledger. */
  readonly mustExist?: boolean;
}

/**
 * Opens the file, or makes it.
 *
 * Throws `LedgerMissingError` for one that must exist and does not, `LedgerUnavailableError` for a file of a newer
 * watchdog or of another program, and whatever `node:sqlite` throws.
 */
export function openSqliteFile(
  path: string,
  { firstVersion, lockTimeoutMs, mustExist = false }: SqliteFileOptions,
): DatabaseSync {
  if (mustExist && !existsSync(path)) throw new LedgerMissingError(path, 'it does not exist');
  const database = new DatabaseSync(path, { timeout: lockTimeoutMs });
  try {
    if (isNew(database, path)) {
      if (mustExist) throw new LedgerMissingError(path, 'it is empty');
      create(database, path, firstVersion);
    }
    // Readers and one writer at a time do not wait for each other. A commit is on disk when it returns.
    // To read makes the log, so that whoever watches the files finds it.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA user_version');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Several processes may find the same new file: who comes second finds it made. */
function create(database: DatabaseSync, path: string, firstVersion: number): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    if (isNew(database, path)) {
      database.exec(SCHEMA);
      database.prepare('INSERT INTO last_version (version) VALUES (?)').run(firstVersion);
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`);
    }
    database.exec('COMMIT');
  } finally {
    if (database.isTransaction) database.exec('ROLLBACK');
  }
}

function isNew(database: DatabaseSync, path: string): boolean {
  // One statement, so that it sees one state of a file that another process is just making.
  const { applicationId, schemaVersion, tables } = Header.parse(
    database
      .prepare(
        `SELECT (SELECT application_id FROM pragma_application_id) AS applicationId,
                (SELECT user_version FROM pragma_user_version) AS schemaVersion,
                (SELECT count(*) FROM sqlite_master) AS tables`,
      )
      .get(),
  );
  if (applicationId === 0 && schemaVersion === 0 && tables === 0) return true;
  if (applicationId !== APPLICATION_ID) {
    const fault = `it is a database of another program (application id ${applicationId}, ${tables} tables and indexes)`;
    throw new LedgerUnavailableError(path, fault, 'correct the path; the file was not changed');
  }
  if (schemaVersion > SCHEMA_VERSION) {
    const fault = `it is of schema version ${schemaVersion}, this watchdog knows up to ${SCHEMA_VERSION}`;
    throw new LedgerUnavailableError(
      path,
      fault,
      'run the newer watchdog that made it, or name another file',
    );
  }
  return false;
}
