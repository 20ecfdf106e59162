import type * as z from 'zod';
import { UnreadableDocumentError } from './errors.ts';
import type { LedgerStore, StoredDocument } from './store.ts';

export interface EachRead<T> {
  readonly read: readonly T[];
  readonly unreadable: readonly UnreadableDocumentError[];
}

/** Reads documents that do not depend on each other: one that cannot be read takes nothing from the others. */
export function readEach<T>(
  documents: readonly StoredDocument[],
  readOne: (document: StoredDocument) => T,
): EachRead<T> {
  const read: T[] = [];
  const unreadable: UnreadableDocumentError[] = [];
  for (const document of documents) {
    try {
      read.push(readOne(document));
    } catch (error) {
      if (!(error instanceof UnreadableDocumentError)) throw error;
      unreadable.push(error);
    }
  }
  return { read, unreadable };
}

/**
 * The body of a document, checked.
 * Throws `UnreadableDocumentError`, which names places in the document and never quotes their values.
 */
export function readDocument<T>(store: LedgerStore, document: StoredDocument, schema: z.ZodType<T>): T {
  const { collection, key, body, fault } = document;
  if (fault !== undefined) throw new UnreadableDocumentError(store.place, collection, key, fault);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  throw new UnreadableDocumentError(store.place, collection, key, faults.join(', '));
}
