import type { Clock } from '../ports/clock.ts';
import { againOnConflict } from './again-on-conflict.ts';
import { type Create, commit } from './commit.ts';
import { documentKey } from './document-key.ts';
import { findReadable } from './find-readable.ts';
import type { FreshRows } from './fresh-rows.ts';
import type { AlertRow, Ledger, UnpublishedAlerts } from './ledger.ts';
import { OutboxRow } from './outbox-row.schema.ts';
import { readDocument } from './read-document.ts';
import { DAY_MS, HOUR_MS } from './spans.ts';
import type { LedgerStore } from './store.ts';

type OutboxRows = Pick<
  Ledger,
  'addAlerts' | 'hasAlert' | 'unpublishedAlerts' | 'markPublished' | 'countAlert'
>;

const UNPUBLISHED = 'unpublished';
const KEPT_AFTER_PUBLISHING_MS = 7 * DAY_MS;
const COUNT_KEPT_AFTER_ITS_HOUR_MS = 2 * HOUR_MS;
/** Rows of one commit: far below what any storage takes in one. */
const BATCH = 100;

/** Alerts as they wait to be published, each once per ce-id. */
export function openOutboxRows(fresh: FreshRows, clock: Pick<Clock, 'now'>): OutboxRows {
  const { store } = fresh;
  return {
    addAlerts: async (rows) => {
      const added: string[] = [];
      for (let start = 0; start < rows.length; start += BATCH) {
        added.push(...(await addBatch(store, rows.slice(start, start + BATCH), clock.now())));
      }
      return added;
    },
    hasAlert: async (ceId) => (await store.get('outbox', outboxKey(ceId))) !== undefined,
    unpublishedAlerts: (limit) => oldestUnpublished(store, limit),
    markPublished: (ceId) => againOnConflict(store, () => mark(fresh, ceId, clock.now())),
    countAlert: (policy, hourStartMs) => {
      const expiresAtMs = hourStartMs + HOUR_MS + COUNT_KEPT_AFTER_ITS_HOUR_MS;
      return store.increment(documentKey('alerts', policy, String(hourStartMs)), 1, expiresAtMs);
    },
  };
}

async function oldestUnpublished(store: LedgerStore, limit: number): Promise<UnpublishedAlerts> {
  // Everything there is, oldest first: no row falls due later than this.
  const find = { collection: 'outbox', group: UNPUBLISHED, dueUpToMs: Number.MAX_SAFE_INTEGER } as const;
  const { read, unreadable } = await findReadable(store, { ...find, limit }, (document) =>
    readDocument(store, document, OutboxRow),
  );
  return { alerts: read, unreadable };
}

/** The writes that add alerts; a ce-id that comes twice is added once, as it came first. */
export function newAlerts(rows: readonly AlertRow[], nowMs: number): readonly Create[] {
  const byKey = new Map<string, Create>();
  for (const { ceId, event } of rows) {
    const key = outboxKey(ceId);
    if (byKey.has(key)) continue;
    const body = { ceId, event, published: false };
    byKey.set(key, { kind: 'create', collection: 'outbox', key, body, group: UNPUBLISHED, dueAtMs: nowMs });
  }
  return [...byKey.values()];
}

function outboxKey(ceId: string): string {
  return documentKey('alert', ceId);
}

/** Looks first, for most rows of a sweep stand already, and each that does would cost a refused batch. */
async function addBatch(store: LedgerStore, rows: readonly AlertRow[], nowMs: number): Promise<string[]> {
  const absent: AlertRow[] = [];
  for (const row of rows) {
    if ((await store.get('outbox', outboxKey(row.ceId))) === undefined) absent.push(row);
  }
  const { created } = await commit(store, [], newAlerts(absent, nowMs));
  return ceIdsOf(created, absent);
}

/** The ce-ids of those rows that a commit created. */
export function ceIdsOf(created: readonly Create[], rows: readonly AlertRow[]): string[] {
  const keys = new Set(created.map((write) => write.key));
  return [...new Set(rows.map((row) => row.ceId))].filter((ceId) => keys.has(outboxKey(ceId)));
}

async function mark({ store, take }: FreshRows, ceId: string, nowMs: number): Promise<void> {
  const document = take(outboxKey(ceId)) ?? (await store.get('outbox', outboxKey(ceId)));
  if (document === undefined) return;
  const row = readDocument(store, document, OutboxRow);
  if (row.published) return;
  const { collection, key, version } = document;
  const expiresAtMs = nowMs + KEPT_AFTER_PUBLISHING_MS;
  await store.write([
    { kind: 'replace', ifVersion: version, collection, key, body: { ...row, published: true }, expiresAtMs },
  ]);
}
