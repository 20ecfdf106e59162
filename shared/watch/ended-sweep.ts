import type { EnforcePorts, Span } from '../enforce/ports.ts';
import type { EndedWork } from './ended-work.ts';
import type { Guard } from './listing.ts';
import type { SweepLease } from './sweep-lease.ts';
import { type Seen, type Swept, sweeping } from './sweeping.ts';
import { whatEnded } from './what-ended.ts';

const AGAIN: ReadonlySet<string> = new Set(['not-done', 'not-whole']);

/**
 * The level trigger of the verbs that follow jobs which ended: every one since the last sweep, whatever events came or
 * did not, and every claim that is due. What falls due before the horizon is waited for; then it answers.
 *
 * @param id tells this sweep from every other, also of this instance
 * @throws the errors of `bigquery/errors.ts` and `ledger/errors.ts` when the listing itself failed
 */
export function sweepEnded(
  projectId: string,
  id: string,
  span: Span,
  ports: EnforcePorts,
  work: EndedWork,
): Promise<Swept> {
  return sweeping(projectId, id, span, ports, {
    resume: (claim) => work.carryOut(claim),
    look: (lease, guard) => followEnded(projectId, lease, span, ports, work, guard),
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
  ports: EnforcePorts,
  work: EndedWork,
  guard: Guard,
): Promise<Seen> {
  const policies = await ports.policies.latest();
  // Beside the listing, which must not wait for what falls due in a minute.
  const starting: Promise<unknown>[] = [];
  const ended = await whatEnded(projectId, lease, span, ports, async (job) => {
    const followed = await work.follow(job, policies);
    if (followed.kind === 'no-time') throw new NoTimeError();
    if (followed.kind === 'scheduled' && followed.claim) starting.push(guard(work.carryOut(followed.claim)));
    return AGAIN.has(followed.kind) ? 'again' : 'judged';
  }).finally(() => Promise.all(starting));
  if (ended.kind === 'no-time') return ended;
  // What it recorded stands, and whoever came between goes on from there.
  if (ended.kind === 'overtaken') return { kind: 'lease-held' };
  const { faults, complete } = ended;
  if (faults.some((fault) => fault instanceof NoTimeError)) return { kind: 'no-time' };
  return { kind: 'seen', jobs: ended.ended, complete, faults };
}
