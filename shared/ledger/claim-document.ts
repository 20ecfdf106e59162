import { StoredClaim } from './claim.schema.ts';
import type { Claim, HeldClaim, Verb } from './ledger.ts';
import { readDocument } from './read-document.ts';
import { DAY_MS } from './spans.ts';
import type { LedgerStore, StoredDocument } from './store.ts';

/** An ended claim proves what was done, for somewhat longer than BigQuery keeps a job (180 days). */
export const CLAIM_KEPT_MS = 200 * DAY_MS;

/** Claims that are not finished, per verb and project: what `dueClaims` looks through. */
export function dueGroup(verb: Verb, projectId: string): string {
  return `${verb} ${projectId}`;
}

/**
 * A claim as a document. While it is unfinished it falls due when it is to be looked at, or else when
 * its lease ends; once ended or void it is due no more and will expire.
 */
export function claimDocument(claim: Claim, nowMs: number): Omit<StoredDocument, 'version'> {
  const { key, ...body } = claim;
  const place = { collection: 'claims', key, body } as const;
  if (claim.state === 'ended' || claim.state === 'void') {
    return { ...place, expiresAtMs: (claim.endedAtMs ?? nowMs) + CLAIM_KEPT_MS };
  }
  return {
    ...place,
    group: dueGroup(claim.verb, claim.job.projectId),
    dueAtMs: dueAtMs(claim),
  };
}

/** When an unfinished claim is to be looked at. */
export function dueAtMs({ lookAtMs, leaseUntilMs }: Claim): number {
  return lookAtMs ?? leaseUntilMs;
}

/** Throws `UnreadableDocumentError`. */
export function readClaim(store: LedgerStore, document: StoredDocument): HeldClaim {
  const body = readDocument(store, document, StoredClaim);
  return { claim: { key: document.key, ...body }, version: document.version };
}
