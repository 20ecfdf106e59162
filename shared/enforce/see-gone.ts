import { childrenOf } from '../bigquery/children-of.ts';
import type { JobName } from '../job/job-name.ts';
import type { Claim, PurgeDetails } from '../ledger/ledger.ts';
import { isIdUsedAgain } from './id-used-again.ts';
import type { Span } from './ports.ts';
import type { PurgePorts } from './purge-ports.ts';
import { toldOrGone } from './told-or-gone.ts';

/**
 * Whether a family that was to be deleted answers still. `child`: the job is gone, and one of its children is not. What
 * was created after the family had ended is another job of the same id.
 */
export type SeenGone = 'gone' | 'there' | 'child';

/** So many children are asked for at once. */
const AT_ONCE = 8;

/**
 * `jobs.get` of the job, of each child that was found before, and of those that a list may show by now.
 *
 * @throws the errors of `bigquery/errors.ts` but NotFoundError; a ForbiddenError has been alerted
 */
export async function seeGone(
  claim: Claim,
  { children }: PurgeDetails,
  span: Span,
  ports: PurgePorts,
): Promise<SeenGone> {
  const { job } = claim;
  if (!(await isGone(job, claim, span, ports))) return 'there';
  if (children === undefined) return 'gone';
  for (let from = 0; from < children.length; from += AT_ONCE) {
    const some = children.slice(from, from + AT_ONCE);
    const gone = await Promise.all(some.map((jobId) => isGone({ ...job, jobId }, claim, span, ports)));
    if (gone.includes(false)) return 'child';
  }
  const late = await toldOrGone(job, childrenOf(job, ports.jobs, span), ports);
  return late === undefined || late.every((child) => isIdUsedAgain(claim, child.job)) ? 'gone' : 'child';
}

async function isGone(
  name: JobName,
  claim: Claim,
  { deadlineAtMs }: Span,
  ports: PurgePorts,
): Promise<boolean> {
  const look = await toldOrGone(name, ports.jobs.get(name, { deadlineAtMs }), ports);
  return look === undefined || isIdUsedAgain(claim, look.job);
}
