import type { Alert } from '../alert/alert.schema.ts';
import type { JobsApiError } from '../bigquery/errors.ts';
import type { ClaimChange, HeldClaim, KeptBackBy, PurgeDetails } from '../ledger/ledger.ts';
import type { CarriedOut } from './carried-out.ts';
import { letGo } from './let-go.ts';
import type { Judge } from './purge-look.ts';
import { type ClaimNews, claimAlert } from './purge-news.ts';
import type { PurgePorts } from './purge-ports.ts';

/** A purge whose claim was won. */
export interface DuePurge {
  readonly held: HeldClaim;
  readonly purge: PurgeDetails;
  /** Whose budget it spends. */
  readonly by: PurgeDetails['by'];
  readonly judge: Judge;
  /** What becomes of the claim when nothing is done now. */
  leave(held: HeldClaim, left: LeftPurge): Promise<unknown>;
}

export interface LeftPurge {
  /** When to look again, by our own clock. */
  readonly lookAtMs: number;
  readonly change: ClaimChange;
  readonly alerts: readonly Alert[];
}

/** As a function leaves it: whoever comes then goes on. */
export function leaveToLater(ports: PurgePorts): DuePurge['leave'] {
  return (held, { lookAtMs, change, alerts }) => letGo(held, lookAtMs, ports, change, alerts);
}

/** Why a purge that is due is not done now. */
export interface Keeping {
  readonly by: KeptBackBy;
  /** When to look again, by our own clock. */
  readonly lookAtMs: number;
  /** People are told so, each reason once. */
  readonly told?: ClaimNews;
  /** What else was written into the claim and does not hold. */
  readonly undo?: ClaimChange;
  readonly error?: JobsApiError;
}

export async function keepBack(
  due: DuePurge,
  { by, lookAtMs, told, undo, error }: Keeping,
  ports: PurgePorts,
): Promise<CarriedOut> {
  const { held } = due;
  const { claim } = held;
  ports.log.info('purge kept back', { job: claim.job, policy: claim.policy, because: by });
  const purge = { ...due.purge, heldBy: by };
  const alerts = told ? [claimAlert({ ...claim, ...undo }, purge, { because: by, ...told })] : [];
  await due.leave(held, { lookAtMs, change: { ...undo, purge }, alerts });
  return { kind: 'kept-back', by, ...(error && { error }) };
}
