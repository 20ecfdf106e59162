import type { JobName } from '../job/job-name.ts';
import type { HeldClaim } from '../ledger/ledger.ts';
import { attemptNamed } from '../retry/attempt-id.ts';
import { hashesOfSent } from '../retry/configuration-hash.ts';
import type { Span } from './ports.ts';
import type { RetryPorts } from './retry-ports.ts';
import { doSame, endOf, hasFailed, hashesOf, lookAtWhole, type WholeLook } from './whole-look.ts';

/** The chain of attempts that a job belongs to. */
export interface Chain {
  /** The job that failed by itself. */
  readonly root: JobName;
  /** Up to and with this job; 0: it is the root. */
  readonly attemptsMade: number;
  /** By BigQuery's clock. */
  readonly rootEndedAtMs: number;
  /** The claim of the attempt whose job this is. Absent of a root, and where the ledger was lost. */
  readonly held?: HeldClaim;
}

/**
 * Which chain a job belongs to. An id only nominates, for any user may choose one that looks like an attempt's: the
 * claim says whether we insert under it, as whom, and what. Where it does not say, for the ledger was lost or nothing
 * was inserted yet, a root that failed, of the same account and configuration, does. Everything else is a root itself.
 * Nothing is decided from labels.
 */
export async function chainOf(look: WholeLook, nowMs: number, span: Span, ports: RetryPorts): Promise<Chain> {
  const { name } = look.job;
  const itself = { root: name, attemptsMade: 0, rootEndedAtMs: endOf(look, nowMs) };
  const nominated = attemptNamed(name);
  if (!nominated) return itself;
  const { root, attempt } = nominated;
  const held = await ports.ledger.claim(root, ports.verb, attempt);
  if (held && !isAttemptOf(held, look)) return itself;
  const { retry } = held?.claim ?? {};
  if (retry?.configurationHash !== undefined) {
    return { root, attemptsMade: attempt, rootEndedAtMs: retry.rootEndedAtMs, ...(held && { held }) };
  }
  // What would be inserted under that id nobody wrote down yet, or not any more.
  const rootLook = await lookAtWhole(root, span, ports);
  if (!rootLook || !hasFailed(rootLook) || !doSame(rootLook, look)) return itself;
  const rootEndedAtMs = endOf(rootLook, nowMs);
  if (isBefore(look, rootEndedAtMs)) return itself;
  return { root, attemptsMade: attempt, rootEndedAtMs, ...(held && { held }) };
}

/**
 * Whether the job is the one that is inserted for this claim, and not another that has its id: once it was seen, by
 * account alone, for another version may hash otherwise. What was there before the root ended repeats nothing. Before
 * BigQuery was asked nobody knows, and the claim decides once it is due.
 */
export function isAttemptOf({ claim: { retry } }: HeldClaim, look: WholeLook): boolean {
  if (!retry || retry.attemptId !== look.job.name.jobId || retry.principal !== look.job.principal)
    return false;
  if (isBefore(look, retry.rootEndedAtMs)) return false;
  const { configurationHash, guardsHash, createdAtMs } = retry;
  if (createdAtMs !== undefined || configurationHash === undefined) return true;
  const hasGuards = guardsHash === undefined || guardsHash === hashesOfSent(look.resource.take()).guardsHash;
  return hasGuards && hashesOf(look).includes(configurationHash);
}

function isBefore({ job: { creationTimeMs } }: WholeLook, rootEndedAtMs: number): boolean {
  return creationTimeMs !== undefined && creationTimeMs < rootEndedAtMs;
}
