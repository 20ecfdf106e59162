import { type EachRead, readEach } from './read-document.ts';
import type { FindRequest, LedgerStore, StoredDocument } from './store.ts';

/** The first so many documents that can be read: those that cannot stay the first, and would fill the page for ever. */
export async function findReadable<T>(
  store: LedgerStore,
  request: FindRequest,
  read: (document: StoredDocument) => T,
): Promise<EachRead<T>> {
  for (let skipped = 0; ; ) {
    const limit = request.limit + skipped;
    const documents = await store.find({ ...request, limit });
    const found = readEach(documents, read);
    if (documents.length < limit || found.unreadable.length === skipped) return found;
    skipped = found.unreadable.length;
  }
}
