import type { Span } from '../enforce/ports.ts';
import type { RetryPorts } from '../enforce/retry-ports.ts';
import type { Policies } from '../policy/policy.ts';
import type { Soon } from '../ports/soon.ts';
import { carryOutWhenDue } from './carry-out-when-due.ts';
import { followEntry, type Named, type Nomination } from './ended-entry.ts';
import { ACQUITTED, type Followed, watchEnded, watchFailure } from './watch-failure.ts';

/**
 * The fast edge of `retry`: a failure is answered seconds after its job ended. An entry has no reason, and says
 * `backendError` of jobs that succeeded.
 *
 * @throws the errors of `bigquery/errors.ts` and `ledger/errors.ts`
 */
export function watchEndedEntry(reading: Nomination, span: Span, ports: RetryPorts): Soon<Followed['kind']> {
  return followEntry<Followed>(reading, ports, {
    follow: (job, policies) => watchEnded(job, policies, span, ports),
    followNamed: (named, policies) => watchNamed(named, policies, span, ports),
    carryOut: (claim) => carryOutWhenDue(claim, span, ports),
  });
}

/**
 * Of the entries that only name a job, those that were cut may tell of its end. A child's may, too, but it is the
 * script that is run again, which has an entry of its own when it ends.
 */
function watchNamed(
  { name, because }: Named,
  { retry }: Policies,
  span: Span,
  ports: RetryPorts,
): Soon<Followed> {
  return because === 'cut-entry' && retry.length > 0 ? watchFailure(name, span, ports) : ACQUITTED;
}
