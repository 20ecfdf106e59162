import { ClaimTime } from './claim.schema.ts';
import { CLAIM_KEPT_MS, readClaim } from './claim-document.ts';
import type { Create } from './commit.ts';
import { documentKey, newestFirst } from './document-key.ts';
import { everyDocument } from './every-document.ts';
import type { Claim } from './ledger.ts';
import { readDocument } from './read-document.ts';
import type { LedgerStore, Write } from './store.ts';

/**
 * The list of claims by the time they were won: an entry beside each, under a key that sorts the newest
 * first. Claims themselves are ordered by when they fall due, and a store has one order beside that of keys.
 */
export function wonAtEntry(claim: Claim): Create {
  return {
    kind: 'create',
    collection: 'claim-times',
    key: wonAtKey(claim),
    body: { claimKey: claim.key, wonAtMs: claim.wonAtMs },
    expiresAtMs: claim.wonAtMs + CLAIM_KEPT_MS,
  };
}

/** What takes the entry of a void claim out of the list, where another comes in its place. */
export async function withoutWonAtEntry(
  store: LedgerStore,
  before: Claim,
  { collection, key: next }: Create,
): Promise<readonly Write[]> {
  const key = wonAtKey(before);
  const document = key === next ? undefined : await store.get(collection, key);
  return document === undefined ? [] : [{ kind: 'delete', collection, key, ifVersion: document.version }];
}

function wonAtKey({ key, wonAtMs }: Claim): string {
  return documentKey(newestFirst(wonAtMs), key);
}

/** Claims won at or after `sinceMs`, newest first. */
export async function recentClaims(
  store: LedgerStore,
  sinceMs: number,
  limit: number,
): Promise<readonly Claim[]> {
  const recent: Claim[] = [];
  if (limit <= 0) return recent;
  for await (const document of everyDocument(store, { collection: 'claim-times' })) {
    const { claimKey, wonAtMs } = readDocument(store, document, ClaimTime);
    if (wonAtMs < sinceMs) break;
    const stored = await store.get('claims', claimKey);
    if (stored === undefined) continue;
    const { claim } = readClaim(store, stored);
    // Won again since its entry was read.
    if (claim.wonAtMs !== wonAtMs) continue;
    recent.push(claim);
    if (recent.length === limit) break;
  }
  return recent;
}
