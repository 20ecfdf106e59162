import type { Certificate, ClaimChange, HeldClaim, PurgeDetails } from '../ledger/ledger.ts';
import { COPIES_NOT_REACHED } from '../sensitive/copies-not-reached.ts';
import type { CarriedOut } from './carried-out.ts';
import type { DuePurge } from './due-purge.ts';
import { type ClaimNews, claimAlert } from './purge-news.ts';
import type { PurgePorts } from './purge-ports.ts';
import { record } from './receipt.ts';

/**
 * It was seen to be gone: the certificate, and what is told, commit with the end of the claim. Only of what the ledger
 * holds that it was there, DONE, before it was asked to be deleted (design, rule 6).
 *
 * @param nowMs by BigQuery's clock
 */
export async function endPurged(due: DuePurge, nowMs: number, ports: PurgePorts): Promise<CarriedOut> {
  const { held, purge } = due;
  const { claim } = held;
  const { seenDoneAtMs } = purge;
  if (seenDoneAtMs === undefined) return endNotFound(due, nowMs, ports);
  // Whoever looked may have another clock than whoever asked.
  const verifiedAtMs = Math.max(nowMs, claim.askedAtMs.at(-1) ?? seenDoneAtMs);
  const certificate = certificateOf(held, { ...purge, seenDoneAtMs }, verifiedAtMs);
  const rows = [
    // A successor of a crashed holder cannot know whether this was told; the outbox drops what it has.
    claimAlert(claim, purge, { step: 'purging', outcome: ASKED, nowMs: verifiedAtMs }),
    claimAlert(claim, purge, { step: 'purged', outcome: GONE, nowMs: verifiedAtMs, verifiedAtMs }),
  ];
  const change = { state: 'ended', outcome: 'purged', purge } as const;
  await record(held, change, rows, ports, certificate);
  ports.log.notice('purge ended', { job: claim.job, policy: claim.policy, outcome: 'purged' });
  return { kind: 'purged', certificate };
}

export const ASKED = 'BigQuery was asked to delete its metadata';
const GONE =
  'BigQuery knows it no more, nor any child of it; copies elsewhere are not reached (copiesNotReached)';

function certificateOf(
  { claim: { job, policy, holder, askedAtMs } }: HeldClaim,
  details: PurgeDetails & { readonly seenDoneAtMs: number },
  verifiedAtMs: number,
): Certificate {
  const { children = [], childrenUnseen, principal, found, person, seenDoneAtMs } = details;
  return {
    job,
    children,
    ...(childrenUnseen !== undefined && { childrenUnseen }),
    ...(principal !== undefined && { principal }),
    policy,
    by: person ?? holder,
    found,
    seenDoneAtMs,
    askedAtMs,
    verifiedAtMs,
    copiesNotReached: COPIES_NOT_REACHED,
  };
}

/** It is gone, and not by us: nothing is certified. */
export async function endNotFound(due: DuePurge, nowMs: number, ports: PurgePorts): Promise<CarriedOut> {
  const outcome = 'BigQuery knows it no more, and it was not the watchdog that deleted it';
  await endVoid(due, 'not-found', ports, { step: 'not-found', outcome, nowMs });
  return { kind: 'not-found' };
}

/**
 * Nothing is done by this claim; it may be won again, and its slot is free.
 *
 * @param undo what was written into it and does not hold
 */
export async function endVoid(
  { held, purge, by }: DuePurge,
  outcome: string,
  ports: PurgePorts,
  told?: ClaimNews,
  undo: ClaimChange = {},
): Promise<CarriedOut> {
  const claim = { ...held.claim, ...undo };
  const { verb, policy, key } = claim;
  const alerts = told ? [claimAlert(claim, purge, told)] : [];
  await record(held, { ...undo, state: 'void', outcome }, alerts, ports);
  await ports.ledger.freeSlot({ verb, policy }, key);
  if (by === 'history') await ports.ledger.freeSlot({ verb, cap: 'history', of: policy }, key);
  ports.log.info('claim void', { job: claim.job, policy, outcome });
  return { kind: 'void' };
}
