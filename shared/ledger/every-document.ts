import type { FindRequest, LedgerStore, StoredDocument } from './store.ts';

const PAGE = 300;

/** All live documents of a collection or of one group of it, in the order of their keys, read page by page. */
export async function* everyDocument(
  store: LedgerStore,
  request: Pick<FindRequest, 'collection' | 'group'>,
): AsyncGenerator<StoredDocument, void, void> {
  let afterKey: string | undefined;
  for (;;) {
    const page = await store.find({
      ...request,
      limit: PAGE,
      ...(afterKey === undefined ? {} : { afterKey }),
    });
    yield* page;
    afterKey = page.at(-1)?.key;
    if (page.length < PAGE || afterKey === undefined) return;
  }
}
