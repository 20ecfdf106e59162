import { jobKey } from '../job/job-name.ts';
import { LOOKS_KEPT } from '../judge/look-again.ts';
import type { Clock } from '../ports/clock.ts';
import { againOnConflict } from './again-on-conflict.ts';
import { documentKey } from './document-key.ts';
import type { Ledger } from './ledger.ts';
import { Lacks } from './looks.schema.ts';
import { readDocument } from './read-document.ts';
import { DAY_MS } from './spans.ts';
import type { LedgerStore } from './store.ts';

type Looks = Pick<Ledger, 'lackedAtMs' | 'noteLack'>;

const KEPT_MS = DAY_MS;

/**
 * What looking at a job in vain leaves behind, for a day after the last time. The newest looks are all that a
 * series needs: it begins anew with the job's start, and a list without bound would outgrow what a document holds.
 */
export function openLooks(store: LedgerStore, clock: Pick<Clock, 'now'>): Looks {
  return {
    lackedAtMs: async (job) => {
      const document = await store.get('looks', documentKey('job', jobKey(job)));
      return document === undefined ? [] : readDocument(store, document, Lacks).atMs;
    },
    noteLack: (job, atMs) =>
      againOnConflict(store, async () => {
        const key = documentKey('job', jobKey(job));
        const document = await store.get('looks', key);
        const before = document === undefined ? [] : readDocument(store, document, Lacks).atMs;
        const after = [...before, atMs].sort((a, b) => a - b).slice(-LOOKS_KEPT);
        const next = {
          collection: 'looks',
          key,
          body: { atMs: after },
          expiresAtMs: clock.now() + KEPT_MS,
        } as const;
        await store.write([
          document === undefined
            ? { kind: 'create', ...next }
            : { kind: 'replace', ifVersion: document.version, ...next },
        ]);
        return after;
      }),
  };
}
