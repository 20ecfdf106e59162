import type { DocumentReference, DocumentSnapshot } from '@google-cloud/firestore';
import type { OpenFirestore } from './firestore-client.ts';
import { FirestoreFields } from './firestore-document.schema.ts';
import { versionOf } from './firestore-version.ts';
import { parseBody } from './parse-body.ts';
import type { Collection, StoredDocument } from './store.ts';

/** A database may hold more than our ledger. */
const PREFIX = 'watchdog-';

/** A collection's name in Firestore, as firestore.indexes.json has it, too. */
export function firestoreCollection(collection: Collection): string {
  return `${PREFIX}${collection}`;
}

export function referenceTo(
  { database }: OpenFirestore,
  { collection, key }: Pick<StoredDocument, 'collection' | 'key'>,
): DocumentReference {
  return database.collection(firestoreCollection(collection)).doc(key);
}

/** A document, with the id of the write that left it like this. */
export interface FoundDocument extends StoredDocument {
  readonly writeId: string | undefined;
}

/** An id that no other write has. Google's client draws it, as it does for documents without a name. */
export function newWriteId({ database }: OpenFirestore): string {
  return database.collection(`${PREFIX}writes`).doc().id;
}

/**
 * All fields of a document as it will stand. The id of the write is among them because a write that changes
 * nothing would not change the version, either [google/firestore/v1/write.proto, WriteResult.update_time].
 */
export function fieldsOf(
  { body, group, dueAtMs, expiresAtMs }: Omit<StoredDocument, 'version'>,
  writeId: string,
  { sdk }: OpenFirestore,
): Record<string, unknown> {
  return {
    body: JSON.stringify(body),
    write: writeId,
    ...(group !== undefined && { group }),
    ...(dueAtMs !== undefined && { dueAtMs }),
    ...(expiresAtMs !== undefined && { expiresAt: sdk.Timestamp.fromMillis(expiresAtMs) }),
  };
}

/** The same for a document that exists already: what it will not have is taken away. */
export function changedFieldsOf(
  document: Omit<StoredDocument, 'version'>,
  writeId: string,
  firestore: OpenFirestore,
): Record<string, unknown> {
  const gone = firestore.sdk.FieldValue.delete();
  return { group: gone, dueAtMs: gone, expiresAt: gone, ...fieldsOf(document, writeId, firestore) };
}

/** A document of any age, or undefined where there is none. */
export function readSnapshot(collection: Collection, snapshot: DocumentSnapshot): FoundDocument | undefined {
  if (!snapshot.exists || snapshot.updateTime === undefined) return undefined;
  const place = { collection, key: snapshot.id, version: versionOf(snapshot.updateTime) };
  const fields = FirestoreFields.safeParse(snapshot.data());
  if (!fields.success) {
    const faults = fields.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    return { ...place, body: {}, fault: faults.join(', '), writeId: undefined };
  }
  const { body, count, group, dueAtMs, expiresAt, write: writeId } = fields.data;
  return {
    ...place,
    ...(body === undefined && count !== undefined ? { body: { count } } : parseBody(body)),
    writeId,
    ...(group !== undefined && { group }),
    ...(dueAtMs !== undefined && { dueAtMs }),
    ...(expiresAt !== undefined && { expiresAtMs: expiresAt.toMillis() }),
  };
}
