import { slotGate } from '../enforce/breaker.ts';
import type { EnforcePorts, Span } from '../enforce/ports.ts';
import type { Job } from '../job/job.ts';
import type { JobName } from '../job/job-name.ts';
import { look, lookCloser, type NoSight, nominate, type Sight } from './sight.ts';
import { type Watched, watchJob } from './watch-job.ts';

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
export async function watchEntry(nomination: Nomination, span: Span, ports: EnforcePorts): Promise<Watched> {
  const seen = await firstSight(nomination, span, ports);
  return typeof seen === 'string' ? seen : watchJob(seen, slotGate(ports), span, ports);
}

async function firstSight(nomination: Nomination, span: Span, ports: EnforcePorts): Promise<Sight | NoSight> {
  if (nomination.kind === 'look-at') return look(nomination.name, span, ports);
  const now = ports.clock.now();
  const nominated = nominate(nomination.job, await ports.policies.recent(), now, now);
  return nominated.verdict.act ? lookCloser(nominated, span, ports) : nominated;
}
