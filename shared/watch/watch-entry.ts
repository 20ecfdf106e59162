import { slotGate } from '../enforce/breaker.ts';
import type { EnforcePorts, Span } from '../enforce/ports.ts';
import type { Job } from '../job/job.ts';
import type { JobName } from '../job/job-name.ts';
import type { Policies } from '../policy/policy.ts';
import type { Soon } from '../ports/soon.ts';
import { ForetoldLooks } from './foretold-looks.ts';
import { look, lookCloser, type NoSight, nominate, type Sight } from './sight.ts';
import { Waiting } from './waiting.ts';
import { isIdle, type Watched, watchJob } from './watch-job.ts';

/** What an audit entry gives: a job as it was told, or only the name of one to look at. */
export type Nomination =
  | { readonly kind: 'job'; readonly job: Job }
  | { readonly kind: 'look-at'; readonly name: JobName };

/**
 * The fast edge: a job is judged seconds after it starts. An entry only nominates, for it may be forged, cut
 * or hours late: a guilty one is looked at before it can use up a slot of the breaker.
 *
 * @throws the errors of `bigquery/errors.ts` and `ledger/errors.ts`
 */
export function watchEntry(nomination: Nomination, span: Span, ports: EnforcePorts): Soon<Watched> {
  if (nomination.kind === 'look-at') return watchSeen(look(nomination.name, span, ports), span, ports);
  const { job } = nomination;
  const policies = ports.policies.recent();
  return policies instanceof Promise
    ? policies.then((read) => watchTold(job, read, span, ports))
    : watchTold(job, policies, span, ports);
}

function watchTold(job: Job, policies: Policies, span: Span, ports: EnforcePorts): Soon<Watched> {
  const now = ports.clock.now();
  const told = nominate(job, policies, now, now);
  if (isIdle(told, new Waiting(span, ports, new ForetoldLooks(ports.clock)))) return 'acquitted';
  return watchSeen(told.verdict.act ? lookCloser(told, span, ports) : told, span, ports);
}

async function watchSeen(seeing: Soon<Sight | NoSight>, span: Span, ports: EnforcePorts): Promise<Watched> {
  const seen = await seeing;
  return typeof seen === 'string' ? seen : watchJob(seen, slotGate(ports), span, ports);
}
