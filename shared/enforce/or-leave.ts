import { ForbiddenError, JobsApiError } from '../bigquery/errors.ts';
import { StaleClaimError } from '../ledger/errors.ts';
import type { KeptBackBy } from '../ledger/ledger.ts';
import type { DuePurge } from './due-purge.ts';
import { claimAlert } from './purge-news.ts';
import type { PurgePorts } from './purge-ports.ts';

const SECOND_MS = 1_000;
/** How soon to try again what failed, and what a permission is missing for. */
export const AGAIN_MS = 30 * SECOND_MS;
export const REFUSED_MS = 300 * SECOND_MS;

const UNSEEN = 'it could not be looked at, which is tried again';

/**
 * A look under the claim: when it fails, whoever comes next need not wait for the lease to end. People are told once it
 * has failed twice in a row.
 */
export async function orLeave<T>(due: DuePurge, look: Promise<T>, ports: PurgePorts): Promise<T> {
  try {
    return await look;
  } catch (error) {
    if (error instanceof StaleClaimError) throw error;
    const isRefused = error instanceof ForbiddenError;
    const heldBy: KeptBackBy = isRefused ? 'permission-missing' : 'request-failed';
    const purge = error instanceof JobsApiError ? { ...due.purge, heldBy } : due.purge;
    const lookAtMs = ports.clock.now() + (isRefused ? REFUSED_MS : AGAIN_MS);
    const isAgain = due.purge.heldBy === 'request-failed' && heldBy === 'request-failed';
    const news = {
      step: 'could-not-purge',
      because: heldBy,
      outcome: UNSEEN,
      nowMs: ports.clock.now(),
    } as const;
    const alerts = isAgain && error instanceof JobsApiError ? [claimAlert(due.held.claim, purge, news)] : [];
    await due.leave(due.held, { lookAtMs, change: { purge }, alerts });
    throw error;
  }
}
