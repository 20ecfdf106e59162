import type { Clock } from '../ports/clock.ts';
import { againOnConflict } from './again-on-conflict.ts';
import { StoredDeadLetter } from './dead-letter.schema.ts';
import { documentKey, newestFirst } from './document-key.ts';
import type { DeadLetter, Ledger } from './ledger.ts';
import { readDocument } from './read-document.ts';
import { DAY_MS } from './spans.ts';
import type { LedgerStore } from './store.ts';

type DeadLetters = Pick<Ledger, 'addDeadLetter' | 'deadLetters'>;

const KEPT_MS = 30 * DAY_MS;

/** Messages that nobody can act on, newest first, for 30 days. */
export function openDeadLetters(store: LedgerStore, clock: Pick<Clock, 'now'>): DeadLetters {
  return {
    addDeadLetter: async (letter) => {
      let number = 0;
      // Two messages may have died of the same fault in the same millisecond; each leaves a letter.
      await againOnConflict(store, () => add(store, letter, number++, clock.now() + KEPT_MS));
    },
    deadLetters: async (limit) => {
      const documents = await store.find({ collection: 'dead-letters', limit });
      return documents.map((document) => readDocument(store, document, StoredDeadLetter));
    },
  };
}

async function add(
  store: LedgerStore,
  letter: DeadLetter,
  number: number,
  expiresAtMs: number,
): Promise<void> {
  const key = documentKey(newestFirst(letter.atMs), String(number));
  await store.write([{ kind: 'create', collection: 'dead-letters', key, body: { ...letter }, expiresAtMs }]);
}
