import { DuplicateError, JobsApiError } from '../bigquery/errors.ts';
import type { Look } from '../bigquery/jobs-client.ts';
import { StaleClaimError } from '../ledger/errors.ts';
import type { Claim, ClaimChange, ClaimFinding, HeldClaim, RetryDetails } from '../ledger/ledger.ts';
import type { JsonObject } from '../retry/json.ts';
import { isAttemptOf } from './chain-of.ts';
import { letGo } from './let-go.ts';
import type { Span } from './ports.ts';
import type { RetryPorts } from './retry-ports.ts';
import { lookAtWhole, type WholeLook } from './whole-look.ts';

/** A job that is about to be run again. */
export interface Insertion {
  /** Of the attempt's id, which is that of the claim. */
  readonly body: JsonObject;
  /** The service account as which it runs; `undefined`: as who calls. */
  readonly as: string | undefined;
  /** For what it is run again, and what the claim knows of it from now on: `configurationHash` among it. */
  readonly policy: string;
  readonly finding: ClaimFinding;
  readonly retry: RetryDetails;
  /** How far our own clock stands beyond BigQuery's. */
  readonly aheadMs: number;
  /** Asked when its turn has come, and once more right before it is sent; `nowMs` is by BigQuery's clock. */
  isStillWanted(nowMs: number): Promise<boolean>;
}

export type Inserted =
  /** There is a job of the attempt's id, and it is ours. */
  | { readonly kind: 'made'; readonly held: HeldClaim; readonly look: Look }
  /** There may be: a later look tells. */
  | { readonly kind: 'in-doubt'; readonly held: HeldClaim }
  /** There is one of that id, of another account (also if it was made by this very request) or configuration. */
  | { readonly kind: 'taken'; readonly held: HeldClaim }
  /** There is none. `undo`: the claim as if it had not been tried. */
  | {
      readonly kind: 'not-made';
      readonly held: HeldClaim;
      readonly error: JobsApiError;
      readonly undo: ClaimChange;
    };

/** An insert on its way. */
interface Sending {
  readonly before: Claim;
  held: HeldClaim;
  /** Why it could not be made sure that it is wanted still. */
  failure?: unknown;
}

/**
 * Inserts the job of an attempt. The claim says so *before* each request: whoever takes it over knows that there may
 * be a job, and a holder that lost its lease is stopped by the condition of that write. Of an id that is taken, only
 * a look tells whose it is: account and configuration must agree (rule 3).
 *
 * @throws what kept it from asking whether it is still wanted, but for errors of the jobs API
 */
export async function insertAttempt(
  held: HeldClaim,
  insertion: Insertion,
  span: Span,
  ports: RetryPorts,
): Promise<Inserted> {
  const sending: Sending = { before: held.claim, held };
  const { projectId } = held.claim.job;
  try {
    const look = await ports.jobs.insert(projectId, insertion.body, {
      deadlineAtMs: span.deadlineAtMs,
      as: insertion.as,
      beforeSending: () => makeSure(sending, insertion, ports),
      isStillWanted: () => insertion.isStillWanted(ports.clock.now() - insertion.aheadMs),
    });
    if (!look) return { kind: 'in-doubt', held: sending.held };
    const { principal = insertion.retry.principal } = look.job;
    const isOurs = principal === insertion.retry.principal;
    return isOurs ? { kind: 'made', held: sending.held, look } : { kind: 'taken', held: sending.held };
  } catch (error) {
    return afterFailure(error, sending, span, ports);
  }
}

/** What fails is left in `sending`, for the client would take it for an error of BigQuery's. */
async function makeSure(sending: Sending, insertion: Insertion, ports: RetryPorts): Promise<boolean> {
  const { policy, finding, retry, aheadMs } = insertion;
  try {
    const nowMs = ports.clock.now() - aheadMs;
    const askedAtMs = [...sending.before.askedAtMs, nowMs];
    const change = { state: 'asked', askedAtMs, policy, finding, retry } as const;
    sending.held = (await ports.ledger.advance(sending.held, change, [])).held;
    return await insertion.isStillWanted(ports.clock.now() - aheadMs);
  } catch (error) {
    sending.failure = error;
    return false;
  }
}

async function afterFailure(
  error: unknown,
  sending: Sending,
  span: Span,
  ports: RetryPorts,
): Promise<Inserted> {
  if (!(error instanceof JobsApiError)) throw error;
  const { held, failure } = sending;
  const undo = unmarked(sending);
  if (error instanceof DuplicateError) return readBack(held, span, ports);
  if (error.fault === 'unknown') return { kind: 'in-doubt', held };
  if (failure === undefined) return { kind: 'not-made', held, error, undo };
  if (failure instanceof JobsApiError) return { kind: 'not-made', held, error: failure, undo };
  if (!(failure instanceof StaleClaimError)) await letGo(held, ports.clock.now(), ports, undo);
  throw failure;
}

function unmarked({ before }: Sending): ClaimChange {
  const { state, askedAtMs, policy, finding } = before;
  return { state, askedAtMs, policy, finding };
}

/** The id is taken: by an earlier request of ours, or by somebody else. */
async function readBack(held: HeldClaim, span: Span, ports: RetryPorts): Promise<Inserted> {
  const { job, retry } = held.claim;
  const name = { ...job, jobId: retry?.attemptId ?? job.jobId };
  let look: WholeLook | undefined;
  try {
    look = await lookAtWhole(name, span, ports);
  } catch (error) {
    if (!(error instanceof JobsApiError)) throw error;
    ports.log.warning('whose job has the id of a retry could not be read', { job, error });
  }
  if (!look) return { kind: 'in-doubt', held };
  return isAttemptOf(held, look) ? { kind: 'made', held, look } : { kind: 'taken', held };
}
