import { ConflictError, LedgerUnavailableError } from './errors.ts';
import type { LedgerStore } from './store.ts';

/** Every conflict means that somebody else got something done, so this ends; the bound is for a storage that lies. */
const MOST_ROUNDS = 1_000;

/** Reads and writes again, from the start, for as long as somebody else's write comes between the two. */
export async function againOnConflict<T>(store: LedgerStore, readAndWrite: () => Promise<T>): Promise<T> {
  let last: unknown;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    try {
      return await readAndWrite();
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      last = error;
    }
  }
  const fault = `a document changed between read and write ${MOST_ROUNDS} times in a row`;
  throw new LedgerUnavailableError(store.place, fault, 'try again later', { cause: last });
}
