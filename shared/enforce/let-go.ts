import type { Alert } from '../alert/alert.schema.ts';
import type { ClaimChange, HeldClaim } from '../ledger/ledger.ts';
import type { EnforcePorts } from './ports.ts';
import { record } from './receipt.ts';

/** Lets go of a claim in good order: whoever comes at `lookAtMs`, by our own clock, goes on with it. */
export function letGo(
  held: HeldClaim,
  lookAtMs: number,
  ports: EnforcePorts,
  change: ClaimChange = {},
  alerts: readonly Alert[] = [],
): Promise<HeldClaim> {
  return record(held, { ...change, lookAtMs, leaseUntilMs: ports.clock.now() }, alerts, ports);
}
