import { firstVersion } from './commit.ts';
import { documentKey } from './document-key.ts';
import { ConflictError, StaleMarkError } from './errors.ts';
import { StoredHistory } from './history-mark.schema.ts';
import type { Ledger } from './ledger.ts';
import { readDocument } from './read-document.ts';
import type { LedgerStore } from './store.ts';

type HistoryMarks = Pick<Ledger, 'historyMark' | 'moveHistory'>;

/** How far the clean-up of each project's history has come. Kept for ever: a project has one, of bounded size. */
export function openHistoryMarks(store: LedgerStore): HistoryMarks {
  return {
    historyMark: async (projectId) => {
      const document = await store.get('history-marks', keyOf(projectId));
      if (document === undefined) return undefined;
      return { mark: readDocument(store, document, StoredHistory), version: document.version };
    },
    moveHistory: async (projectId, held, mark) => {
      const next = { collection: 'history-marks', key: keyOf(projectId), body: { ...mark } } as const;
      try {
        const versions = await store.write([
          held ? { kind: 'replace', ifVersion: held.version, ...next } : { kind: 'create', ...next },
        ]);
        return { mark, version: firstVersion(versions) };
      } catch (error) {
        throw error instanceof ConflictError ? new StaleMarkError('purge', projectId, 'history') : error;
      }
    },
  };
}

function keyOf(projectId: string): string {
  return documentKey('purge', projectId);
}
