import type { Look } from '../bigquery/jobs-client.ts';
import type { Job } from '../job/job.ts';
import type { JobName } from '../job/job-name.ts';
import { judge } from '../judge/judge.ts';
import { isAct } from '../judge/precedence.ts';
import type { Finding, Verdict } from '../judge/verdict.ts';
import type { Policies } from '../policy/policy.ts';
import { agreedNow } from './agreed-now.ts';
import type { EnforcePorts, Span } from './ports.ts';
import { toldOrGone } from './told-or-gone.ts';

/** What a look at a job told, judged by the policy then in force at BigQuery's own time. */
export interface JudgedLook {
  readonly kind: 'judged';
  readonly job: Job;
  readonly policies: Policies;
  readonly verdict: Verdict;
  /** By BigQuery's clock. */
  readonly nowMs: number;
  /** How far our own clock stood beyond that when the answer came: what to add to a time of BigQuery's. */
  readonly aheadMs: number;
}

export type SecondLook =
  | JudgedLook
  /** `jobs.get` answers 404. */
  | { readonly kind: 'gone' }
  /** It is a script's child: the script is to be judged in its stead. */
  | { readonly kind: 'child'; readonly parent: JobName }
  /** The clocks disagree, or BigQuery told no time: nothing may be judged. */
  | { readonly kind: 'no-time' };

/**
 * `jobs.get`, then the verdict. Nothing is done or told without it.
 *
 * @throws the errors of `bigquery/errors.ts` but NotFoundError; a ForbiddenError has been alerted
 */
export async function lookAndJudge(name: JobName, span: Span, ports: EnforcePorts): Promise<SecondLook> {
  const look = await lookAt(name, span, ports);
  if (!look) return { kind: 'gone' };
  const { job } = look;
  if (job.parent)
    return isOfSameProject(job.parent, name) ? { kind: 'child', parent: job.parent } : { kind: 'gone' };
  const nowMs = await agreedNow(look, ports);
  if (nowMs === undefined) return { kind: 'no-time' };
  const policies = await inForce(ports);
  const verdict = await judgeLooked(job, policies, nowMs, ports);
  return { kind: 'judged', job, policies, nowMs, aheadMs: look.receivedAtMs - nowMs, verdict };
}

/** A script and its children run in one project: what says otherwise is not to be acted on. */
export function isOfSameProject(parent: JobName, child: JobName): boolean {
  return parent.projectId === child.projectId;
}

/**
 * The finding for which this policy still calls for the act, or undefined when it no longer does. That another
 * policy has come to call for it too, and stands before it, takes nothing away.
 */
export function stillGuilty({ verdict }: JudgedLook, policy: string): Finding | undefined {
  return verdict.findings.find((finding) => finding.policy === policy && isAct(finding));
}

/** The same by the policies of now, and whether all acts are stopped: that may have changed though the job did not. */
export async function isGuiltyNow(
  look: JudgedLook,
  policy: string,
  ports: Pick<EnforcePorts, 'policies'>,
): Promise<boolean> {
  const policies = await inForce(ports);
  if (policies === look.policies) return true;
  const { job, nowMs } = look;
  const verdict = judge(job, policies, { nowMs, lackedAtMs: [], looked: true });
  return stillGuilty({ ...look, policies, verdict }, policy) !== undefined;
}

/** What acts are judged by, read now. */
function inForce(ports: Pick<EnforcePorts, 'policies'>): Promise<Policies> {
  return ports.policies.latest();
}

function lookAt(name: JobName, { deadlineAtMs }: Span, ports: EnforcePorts): Promise<Look | undefined> {
  return toldOrGone(name, ports.jobs.get(name, { deadlineAtMs }), ports);
}

/** Known to lack it for good, a job is looked at each minute and remembered each hour: a write for each would be dear. */
const REMEMBERED_AGAIN_AFTER_MS = 3_600_000;

/** Remembers a look that lacked a wanted field, so that the next ones, in whichever instance, count on. */
async function judgeLooked(
  job: Job,
  policies: Policies,
  nowMs: number,
  ports: EnforcePorts,
): Promise<Verdict> {
  const first = judge(job, policies, { nowMs, lackedAtMs: [], looked: true });
  if (first.needs.length === 0) return first;
  const lackedAtMs = await ports.ledger.lackedAtMs(job.name);
  const verdict = judge(job, policies, { nowMs, lackedAtMs, looked: true });
  const isForgotten = nowMs - (lackedAtMs.at(-1) ?? nowMs) >= REMEMBERED_AGAIN_AFTER_MS;
  if (verdict.needs.length > 0 || (verdict.undecided.length > 0 && isForgotten)) {
    await noteLack(job, lackedAtMs, nowMs, ports);
  }
  return verdict;
}

async function noteLack(
  job: Job,
  before: readonly number[],
  nowMs: number,
  ports: EnforcePorts,
): Promise<void> {
  if (before.length === 0) ports.log.info('jobs.get lacks a field that a policy wants', { job: job.name });
  await ports.ledger.noteLack(job.name, nowMs);
}
