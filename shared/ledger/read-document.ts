import type * as z from 'zod';
import { UnreadableDocumentError } from './errors.ts';
import type { LedgerStore, StoredDocument } from './store.ts';

/**
 * The body of a document, checked.
 * Throws `UnreadableDocumentError`, which names places in the document and never quotes their values.
 */
export function readDocument<T>(store: LedgerStore, document: StoredDocument, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(document.body);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  throw new UnreadableDocumentError(store.place, document.collection, document.key, faults.join(', '));
}
