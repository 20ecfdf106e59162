import * as z from 'zod';

const SQLITE = 'sqlite:';
const FIRESTORE = 'firestore:';
const DEFAULT_DATABASE = '(default)';
/** Database ids [Firestore: Manage databases, database ID]. */
const DATABASE = /^(?:\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9])$/;

/** Where the ledger is stored: `sqlite:PATH`, `sqlite::memory:` or `firestore:[DATABASE]`. */
export const StoreAddress = z.string().transform((text, context) => {
  const path = text.startsWith(SQLITE) ? text.slice(SQLITE.length) : '';
  if (path !== '') return { kind: 'sqlite', path } as const;
  const database = text.startsWith(FIRESTORE) ? text.slice(FIRESTORE.length) || DEFAULT_DATABASE : undefined;
  if (database !== undefined && DATABASE.test(database)) return { kind: 'firestore', database } as const;
  const message =
    database === undefined
      ? 'expected sqlite:PATH, sqlite::memory: or firestore:[DATABASE]'
      : 'expected the id of a Firestore database after firestore: (4 to 63 lower-case letters, digits and hyphens), or nothing for (default)';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});
export type StoreAddress = z.infer<typeof StoreAddress>;
