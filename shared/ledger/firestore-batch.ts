import type { WriteBatch } from '@google-cloud/firestore';
import { ConflictError } from './errors.ts';
import type { OpenFirestore } from './firestore-client.ts';
import { changedFieldsOf, type FoundDocument, fieldsOf, referenceTo } from './firestore-document.ts';
import { timeOf } from './firestore-version.ts';
import type { StoredDocument, Write } from './store.ts';

/** What stands where a batch wants to write, in the order of its writes; expired documents too. */
export type Found = readonly (FoundDocument | undefined)[];

/** A version that never stands: of a document that we wrote, and that somebody has written since. */
const GONE_BY = '0.000000000';

/**
 * The batch that writes all of it or nothing. Every write has a condition, so that no transaction has to
 * hold a lock. A create over an expired document is on condition that this one still stands.
 *
 * Throws `ConflictError` for a version that is none of Firestore's.
 */
export function toBatch(
  writes: readonly Write[],
  found: Found,
  writeId: string,
  firestore: OpenFirestore,
): WriteBatch {
  const batch = firestore.database.batch();
  for (const [index, write] of writes.entries()) {
    const reference = referenceTo(firestore, write);
    const version = write.kind === 'create' ? found[index]?.version : write.ifVersion;
    if (version === undefined) {
      if (write.kind === 'create') batch.create(reference, fieldsOf(write, writeId, firestore));
      continue;
    }
    const lastUpdateTime = timeOf(version, firestore);
    if (lastUpdateTime === undefined) throw new ConflictError(write, index);
    if (write.kind === 'delete') batch.delete(reference, { lastUpdateTime });
    else batch.update(reference, changedFieldsOf(write, writeId, firestore), { lastUpdateTime });
  }
  return batch;
}

/**
 * The versions that a refused batch left, or undefined if it left none. Google's client sends a commit again
 * when its answer is lost; if the first one was written, the second is refused by what the first one did.
 */
export function versionsWritten(
  writes: readonly Write[],
  found: Found,
  writeId: string,
): readonly string[] | undefined {
  const ours = found.map((document) => document?.writeId === writeId);
  if (!ours.includes(true)) return undefined;
  return writes.map(({ kind }, index) => {
    if (kind === 'delete') return '';
    return (ours[index] ? found[index]?.version : undefined) ?? GONE_BY;
  });
}

/** The first write whose condition does not hold on what was found, or undefined when all do. */
export function firstConflict(
  writes: readonly Write[],
  found: Found,
  isLive: (document: StoredDocument) => boolean,
): ConflictError | undefined {
  for (const [index, write] of writes.entries()) {
    const stored = found[index];
    const holds =
      write.kind === 'create' ? stored === undefined || !isLive(stored) : stored?.version === write.ifVersion;
    if (!holds) return new ConflictError(write, index);
  }
  return undefined;
}
