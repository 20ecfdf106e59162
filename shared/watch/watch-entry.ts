import { slotGate } from '../enforce/breaker.ts';
import type { EnforcePorts, Span } from '../enforce/ports.ts';
import type { Job } from '../job/job.ts';
import type { JobName } from '../job/job-name.ts';
import { look, type NoSight, nominate, type Sight } from './sight.ts';
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
export async function watchEntry(
  nomination: Nomination,
  span: Span,
  ports: EnforcePorts,
): Promise<Watched | 'contradicted'> {
  const seen = await firstSight(nomination, span, ports);
  if (typeof seen === 'string') return seen;
  return watchJob(seen, slotGate(ports), span, ports);
}

async function firstSight(
  nomination: Nomination,
  span: Span,
  ports: EnforcePorts,
): Promise<Sight | NoSight | 'contradicted'> {
  if (nomination.kind === 'look-at') return look(nomination.name, span, ports);
  const { job } = nomination;
  const nominated = nominate(job, await ports.policies.recent(), ports.clock.now());
  if (!nominated.verdict.act && nominated.verdict.findings.length === 0) return nominated;
  const seen = await look(job.name, span, ports);
  return typeof seen !== 'string' && contradicts(job, seen.job) ? 'contradicted' : seen;
}

/** Times in entries and in resources are rounded differently. */
const SAME_TIME_MS = 1_000;

/** Whether an entry tells of a job what is not so, in what never changes about a job. */
export function contradicts(told: Job, seen: Job): boolean {
  if (told.type !== undefined && seen.type !== undefined && told.type !== seen.type) return true;
  if (isEmail(told.principal) && isEmail(seen.principal) && told.principal !== seen.principal) return true;
  const { creationTimeMs: toldAtMs } = told;
  const { creationTimeMs: seenAtMs } = seen;
  return toldAtMs !== undefined && seenAtMs !== undefined && Math.abs(toldAtMs - seenAtMs) > SAME_TIME_MS;
}

/** A principal subject and an e-mail may name the same person. */
function isEmail(principal: string | undefined): principal is string {
  return principal?.includes('@') === true && !principal.includes(':');
}
