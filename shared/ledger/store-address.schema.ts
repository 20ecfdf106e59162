import * as z from 'zod';
import { LedgerAddress } from './ledger-address.schema.ts';

const FIRESTORE = 'firestore:';
const DEFAULT_DATABASE = '(default)';
/** Database ids [Firestore: Manage databases, database ID]. */
const DATABASE = /^(?:\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9])$/;

/** Where the ledger of a function is stored: `sqlite:PATH`, `sqlite::memory:` or `firestore:[DATABASE]`. */
export const StoreAddress = z.string().transform((text, context) => {
  if (!text.startsWith(FIRESTORE)) {
    const sqlite = LedgerAddress.safeParse(text);
    if (sqlite.success) return { kind: 'sqlite', path: sqlite.data.sqlitePath } as const;
    const message = 'expected sqlite:PATH, sqlite::memory: or firestore:[DATABASE]';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
  const database = text.slice(FIRESTORE.length) || DEFAULT_DATABASE;
  if (DATABASE.test(database)) return { kind: 'firestore', database } as const;
  const message =
    'expected the id of a Firestore database after firestore: (4 to 63 lower-case letters, digits and hyphens), or nothing for (default)';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});
export type StoreAddress = z.infer<typeof StoreAddress>;
