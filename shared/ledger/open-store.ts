import type { Clock } from '../ports/clock.ts';
import type { FileLoss } from './file-identity.ts';
import { FirestoreStore } from './firestore-store.ts';
import { reopeningStore } from './reopening-store.ts';
import { SqliteStore } from './sqlite-store.ts';
import type { LedgerStore } from './store.ts';
import type { StoreAddress } from './store-address.schema.ts';

export interface StoreSurroundings {
  readonly clock: Clock;
  /** The project of a Firestore database; without it, Google's client asks its surroundings. */
  readonly projectId?: string | undefined;
  /** How long an answer of Firestore is waited for. */
  readonly answerWithinMs?: number;
  /** A SQLite file that is not there is not made. */
  readonly mustExist?: boolean;
  /** Told when a SQLite file is lost while it is in use. */
  readonly onLoss?: (loss: FileLoss) => void;
}

/** The store at an address. Nothing is opened before its first use, and a failure to open is not for good. */
export function openStore(address: StoreAddress, surroundings: StoreSurroundings): LedgerStore {
  const { clock, mustExist = false, onLoss } = surroundings;
  switch (address.kind) {
    case 'sqlite':
      return reopeningStore(address.path, () => new SqliteStore({ path: address.path, clock, mustExist }), {
        clock,
        onLoss,
      });
    case 'firestore':
      return new FirestoreStore({ database: address.database, ...surroundings });
  }
}
