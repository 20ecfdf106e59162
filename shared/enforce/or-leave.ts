import { ForbiddenError, JobsApiError } from '../bigquery/errors.ts';
import { StaleClaimError } from '../ledger/errors.ts';
import type { KeptBackBy } from '../ledger/ledger.ts';
import type { DuePurge } from './due-purge.ts';
import type { PurgePorts } from './purge-ports.ts';

const SECOND_MS = 1_000;
/** How soon to try again what failed, and what a permission is missing for. */
export const AGAIN_MS = 30 * SECOND_MS;
export const REFUSED_MS = 300 * SECOND_MS;

/** A look under the claim: when it fails, whoever comes next need not wait for the lease to end. */
export async function orLeave<T>(due: DuePurge, look: Promise<T>, ports: PurgePorts): Promise<T> {
  try {
    return await look;
  } catch (error) {
    if (error instanceof StaleClaimError) throw error;
    const isRefused = error instanceof ForbiddenError;
    const heldBy: KeptBackBy = isRefused ? 'permission-missing' : 'request-failed';
    const purge = error instanceof JobsApiError ? { ...due.purge, heldBy } : due.purge;
    const lookAtMs = ports.clock.now() + (isRefused ? REFUSED_MS : AGAIN_MS);
    await due.leave(due.held, { lookAtMs, change: { purge }, alerts: [] });
    throw error;
  }
}
