import type { Span } from '../enforce/ports.ts';
import type { RetryPorts } from '../enforce/retry-ports.ts';
import type { Claim } from '../ledger/ledger.ts';
import { carryOutWhenDue } from './carry-out-when-due.ts';
import type { Guard } from './listing.ts';
import type { SweepLease } from './sweep-lease.ts';
import { type Seen, type Swept, sweeping } from './sweeping.ts';
import { watchEnded } from './watch-failure.ts';
import { whatEnded } from './what-ended.ts';

/**
 * The level trigger of `retry`: every job that ended since the last sweep is followed, whatever events came or did
 * not, and every retry that is due is started, or its outcome looked for. What falls due before the horizon is
 * waited for; then it answers.
 *
 * @param id tells this sweep from every other, also of this instance
 * @throws the errors of `bigquery/errors.ts` and `ledger/errors.ts` when the listing itself failed
 */
export function sweepForRetries(
  projectId: string,
  id: string,
  span: Span,
  ports: RetryPorts,
): Promise<Swept> {
  return sweeping(projectId, id, span, ports, {
    resume: (claim) => carryOutWhenDue(claim, span, ports),
    look: (lease, guard) => followEnded(projectId, lease, span, ports, guard),
  });
}

/** A job whose end could not be judged, for nobody knew the time, is handed over again by the next sweep. */
class NoTimeError extends Error {
  override readonly name = 'NoTimeError';

  constructor() {
    super('the clocks disagree, or BigQuery told no time, so the end of a job was not judged');
  }
}

async function followEnded(
  projectId: string,
  lease: SweepLease,
  span: Span,
  ports: RetryPorts,
  guard: Guard,
): Promise<Seen> {
  const policies = await ports.policies.latest();
  // Beside the listing, which must not wait for what falls due in a minute.
  const starting: Promise<unknown>[] = [];
  const start = (claim: Claim): void => {
    starting.push(guard(carryOutWhenDue(claim, span, ports)));
  };
  const ended = await whatEnded(projectId, lease, span, ports, async (job) => {
    const followed = await watchEnded(job, policies, span, ports);
    if (followed.kind === 'no-time') throw new NoTimeError();
    if (followed.kind === 'scheduled') start(followed.claim);
  }).finally(() => Promise.all(starting));
  if (ended.kind === 'no-time') return ended;
  // What it recorded stands, and whoever came between goes on from there.
  if (ended.kind === 'overtaken') return { kind: 'lease-held' };
  const { faults, complete } = ended;
  if (faults.some((fault) => fault instanceof NoTimeError)) return { kind: 'no-time' };
  return { kind: 'seen', jobs: ended.ended, complete, faults };
}
