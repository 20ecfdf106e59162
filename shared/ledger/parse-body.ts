import { JsonObject } from './document-row.schema.ts';
import type { StoredDocument } from './store.ts';

/** A body as it is stored, in JSON. The parser's own message would quote the text, so it is dropped. */
export function parseBody(text: unknown): Pick<StoredDocument, 'body' | 'fault'> {
  try {
    if (typeof text === 'string') return { body: JsonObject.parse(JSON.parse(text)) };
  } catch {
    // Said below.
  }
  return { body: {}, fault: 'its body is no JSON object' };
}
