import * as z from 'zod';

/** `firestore.indexes.json`, as the Firebase CLI and our Terraform read it [Firebase: index definition reference]. */
export const FirestoreIndexes = z.strictObject({
  indexes: z.array(
    z.strictObject({
      collectionGroup: z.string(),
      queryScope: z.literal('COLLECTION'),
      fields: z.array(z.strictObject({ fieldPath: z.string(), order: z.literal('ASCENDING') })),
    }),
  ),
  fieldOverrides: z.array(
    z.strictObject({
      collectionGroup: z.string(),
      fieldPath: z.string(),
      ttl: z.literal(true).optional(),
      indexes: z.tuple([]),
    }),
  ),
});
export type FirestoreIndexes = z.infer<typeof FirestoreIndexes>;
