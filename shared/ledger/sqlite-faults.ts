import { LedgerUnavailableError } from './errors.ts';

const LOCKED = 5;
const DAMAGED = 11;
const NO_DATABASE = 26;
/** The low byte of a code; the rest tells more than a person needs. */
const PRIMARY = 0xff;

/** SQLite's primary result codes that a person can do something about [https://sqlite.org/rescode.html]. */
const REMEDIES = new Map<number, string>([
  [LOCKED, 'another process holds its lock and does not let go; find and end the one that hangs'],
  [8, 'make the file and its directory writable for this user'],
  [10, 'look whether its disk is healthy and still mounted'],
  [
    DAMAGED,
    'it is damaged; restore a copy, or move it away with its -wal and -shm files, and the function makes a new one',
  ],
  [13, 'its disk is full; make room'],
  [14, 'its directory must exist and be writable for this user; create it, or correct the path'],
  [
    NO_DATABASE,
    'it is no SQLite database; correct the path, or move the file away, and the function makes a new one',
  ],
]);

const OTHER_REMEDY = 'look up what SQLite says of this code';

/**
 * What `node:sqlite` threw, as an error of the ledger. Anything else is a fault in our own code and comes
 * back as it is. SQLite's own sentence for the code is told, never its message about one statement.
 */
export function asLedgerFault(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const options = { cause: error };
  if (error.code === 'ERR_INVALID_STATE') {
    return new LedgerUnavailableError(path, 'it was closed', 'open it again', options);
  }
  if (error.code !== 'ERR_SQLITE_ERROR') return error;
  const code = codeOf(error);
  const sentence = 'errstr' in error && typeof error.errstr === 'string' ? error.errstr : 'unknown error';
  const remedy = REMEDIES.get(code & PRIMARY) ?? OTHER_REMEDY;
  return new LedgerUnavailableError(path, `SQLite says "${sentence}" (code ${code})`, remedy, options);
}

/** Whether another process has a lock on the file. */
export function isLocked(fault: unknown): boolean {
  return fault instanceof LedgerUnavailableError && (codeOf(fault.cause) & PRIMARY) === LOCKED;
}

/** Whether the file is not, or no longer, one that SQLite can read. */
export function isDamaged(fault: unknown): boolean {
  if (!(fault instanceof LedgerUnavailableError)) return false;
  const primary = codeOf(fault.cause) & PRIMARY;
  return primary === DAMAGED || primary === NO_DATABASE;
}

function codeOf(error: unknown): number {
  if (!(error instanceof Error && 'errcode' in error)) return 0;
  return typeof error.errcode === 'number' ? error.errcode : 0;
}
