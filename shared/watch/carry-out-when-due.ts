import type { Span } from '../enforce/ports.ts';
import { carryOut } from '../enforce/retry.ts';
import type { RetryPorts } from '../enforce/retry-ports.ts';
import type { Claim } from '../ledger/ledger.ts';
import { whenFree } from './sweeping.ts';

/**
 * Carries a retry out once it is due, and the attempts that follow from it; what is not due before the horizon the
 * next sweep has.
 *
 * @throws the errors of `bigquery/errors.ts` and `ledger/errors.ts`
 */
export function carryOutWhenDue(claim: Claim, span: Span, ports: RetryPorts): Promise<void> {
  return whenFree(claim, span, ports, async (due) => {
    const next = await carryOut(due, span, ports);
    if (next) await carryOutWhenDue(next, span, ports);
  });
}
