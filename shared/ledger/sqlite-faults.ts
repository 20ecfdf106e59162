import { LedgerUnavailableError } from './errors.ts';

/** SQLite's primary result codes that a person can do something about [https://sqlite.org/rescode.html]. */
const REMEDIES = new Map<number, string>([
  [5, 'another process has held its lock for more than 5 s; find and end the one that hangs'],
  [8, 'make the file and its directory writable for this user'],
  [10, 'look whether its disk is healthy and still mounted'],
  [11, 'it is damaged; restore a copy, or move it away and a new one is made'],
  [13, 'its disk is full; make room'],
  [14, 'its directory must exist and be writable for this user; create it, or correct the path'],
  [26, 'it is no SQLite database; correct the path, or move the file away and a new one is made'],
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
  const code = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : 0;
  const sentence = 'errstr' in error && typeof error.errstr === 'string' ? error.errstr : 'unknown error';
  // The low byte is the primary code, the rest tells more than a person needs.
  const remedy = REMEDIES.get(code & 0xff) ?? OTHER_REMEDY;
  return new LedgerUnavailableError(path, `SQLite says "${sentence}" (code ${code})`, remedy, options);
}
