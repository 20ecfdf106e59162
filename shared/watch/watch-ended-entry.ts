import type { Span } from '../enforce/ports.ts';
import type { RetryPorts } from '../enforce/retry-ports.ts';
import type { EntryReading } from '../job/entry-reading.ts';
import type { Soon } from '../ports/soon.ts';
import { carryOutWhenDue } from './carry-out-when-due.ts';
import { type Followed, watchEnded, watchFailure } from './watch-failure.ts';

type Nomination = Extract<EntryReading, { kind: 'job' | 'look-at' }>;

/**
 * The fast edge of `retry`: a failure is answered seconds after its job ended, and a retry that falls due before the
 * next sweep is started at its time. An entry only nominates; it has no reason, and says `backendError` of jobs that
 * succeeded, so that it is told by a look at the job what is to be done.
 *
 * @throws the errors of `bigquery/errors.ts` and `ledger/errors.ts`
 */
export function watchEndedEntry(reading: Nomination, span: Span, ports: RetryPorts): Soon<Followed['kind']> {
  if (reading.kind === 'look-at') return watchNamed(reading, span, ports);
  const { job } = reading;
  const policies = ports.policies.recent();
  const following =
    policies instanceof Promise
      ? policies.then((read) => watchEnded(job, read, span, ports))
      : watchEnded(job, policies, span, ports);
  return following instanceof Promise ? goOn(following, span, ports) : following.kind;
}

/**
 * Of the entries that only name a job, those that were cut may tell of its end. A child's may, too, but it is the
 * script that is run again, which has an entry of its own when it ends.
 */
async function watchNamed(
  { name, because }: Extract<Nomination, { kind: 'look-at' }>,
  span: Span,
  ports: RetryPorts,
): Promise<Followed['kind']> {
  if (because !== 'cut-entry' || (await ports.policies.recent()).retry.length === 0) return 'acquitted';
  return goOn(watchFailure(name, span, ports), span, ports);
}

async function goOn(following: Promise<Followed>, span: Span, ports: RetryPorts): Promise<Followed['kind']> {
  const followed = await following;
  if (followed.kind === 'scheduled') await carryOutWhenDue(followed.claim, span, ports);
  return followed.kind;
}
