import type { Query } from '@google-cloud/firestore';
import type { OpenFirestore } from './firestore-client.ts';
import { firestoreCollection } from './firestore-document.ts';
import type { Collection, CountRequest, FindRequest } from './store.ts';

/** An index over more than one field, as firestore.indexes.json lists it. */
export interface CompositeIndex {
  readonly collectionGroup: string;
  readonly fields: readonly { readonly fieldPath: string; readonly order: 'ASCENDING' }[];
}

/** The query for all documents of a find, expired ones too, in the order that `find` promises. */
export function queryOf(
  { collection, group, dueUpToMs }: Pick<FindRequest, 'collection' | 'group' | 'dueUpToMs'>,
  { sdk, database }: OpenFirestore,
): Query {
  let query: Query = database.collection(firestoreCollection(collection));
  if (group !== undefined) query = query.where('group', '==', group);
  if (dueUpToMs !== undefined) query = query.where('dueAtMs', '<=', dueUpToMs).orderBy('dueAtMs');
  return query.orderBy(sdk.FieldPath.documentId());
}

/** The query for the documents of a count: those alone that have not expired, for nobody looks at them one by one. */
export function countOf(
  { collection, group, fromKey, beforeKey }: CountRequest,
  nowMs: number,
  { sdk, database }: OpenFirestore,
): Query {
  const id = sdk.FieldPath.documentId();
  let query = database
    .collection(firestoreCollection(collection))
    .where('group', '==', group)
    .where('expiresAt', '>', sdk.Timestamp.fromMillis(nowMs));
  if (fromKey !== undefined) query = query.where(id, '>=', fromKey);
  if (beforeKey !== undefined) query = query.where(id, '<', beforeKey);
  return query;
}

/**
 * The index that every count must have, with the key as its last part, which every index ends in. Ranges of
 * two fields go by one index [Firestore: queries with range and inequality filters on multiple fields].
 */
export function indexOfCount({ collection }: Pick<CountRequest, 'collection'>): CompositeIndex {
  return {
    collectionGroup: firestoreCollection(collection),
    fields: [
      { fieldPath: 'group', order: 'ASCENDING' },
      { fieldPath: 'expiresAt', order: 'ASCENDING' },
    ],
  };
}

/**
 * The index that this find must have beside the single-field ones, which Firestore keeps by itself. An
 * equality and an order by another field take one; an equality alone comes in the order of keys.
 */
export function compositeIndexOf({
  collection,
  group,
  dueUpToMs,
}: {
  collection: Collection;
  group?: string;
  dueUpToMs?: number;
}): CompositeIndex | undefined {
  if (group === undefined || dueUpToMs === undefined) return undefined;
  return {
    collectionGroup: firestoreCollection(collection),
    fields: [
      { fieldPath: 'group', order: 'ASCENDING' },
      { fieldPath: 'dueAtMs', order: 'ASCENDING' },
    ],
  };
}
