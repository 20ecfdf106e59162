import type { EnforcePorts, Span } from '../enforce/ports.ts';
import { type JudgedLook, lookAndJudge, type SecondLook } from '../enforce/second-look.ts';
import type { Job } from '../job/job.ts';
import type { JobName } from '../job/job-name.ts';
import { judge } from '../judge/judge.ts';
import type { Verdict } from '../judge/verdict.ts';
import type { Policies } from '../policy/policy.ts';

/** A job with what the policies say of it at one moment. */
export interface Sight {
  readonly job: Job;
  readonly policies: Policies;
  readonly verdict: Verdict;
  /** Whether `jobs.get` told it, at BigQuery's time. Anything else only nominates, at ours. */
  readonly looked: boolean;
  /** The time it was judged at, and what our clock showed then. */
  readonly nowMs: number;
  readonly ourNowMs: number;
}

/**
 * Why there is nothing to judge: `jobs.get` answers 404, or its time cannot be trusted, or it tells of another
 * job than the nomination did.
 */
export type NoSight = 'gone' | 'no-time' | 'contradicted';

/** Judges a job as an entry or a list item told it, at that time. */
export function nominate(job: Job, policies: Policies, nowMs: number, ourNowMs: number): Sight {
  const verdict = judge(job, policies, { nowMs, lackedAtMs: [], looked: false });
  return { job, policies, verdict, looked: false, nowMs, ourNowMs };
}

/** Looks at a nominated job. */
export async function lookCloser({ job }: Sight, span: Span, ports: EnforcePorts): Promise<Sight | NoSight> {
  const seen = await look(job.name, span, ports);
  return typeof seen !== 'string' && contradicts(job, seen.job) ? 'contradicted' : seen;
}

/** Looks at a job; at its script, if it is a child of one. */
export async function look(name: JobName, span: Span, ports: EnforcePorts): Promise<Sight | NoSight> {
  return sightOf(await lookAndJudge(name, span, ports), span, ports);
}

/** What a look told, as something to go on with. */
export async function sightOf(told: SecondLook, span: Span, ports: EnforcePorts): Promise<Sight | NoSight> {
  if (told.kind === 'judged') return looked(told);
  if (told.kind !== 'child') return told.kind;
  const parent = await lookAndJudge(told.parent, span, ports);
  if (parent.kind === 'judged') return looked(parent);
  // BigQuery nests scripts one deep: a parent with a parent is none that can be acted on.
  return parent.kind === 'child' ? 'gone' : parent.kind;
}

/** Our time is that of the answer: a look may have waited since. */
function looked(look: JudgedLook): Sight {
  return { ...look, looked: true, ourNowMs: look.nowMs + look.aheadMs };
}

/** Times in entries and in resources are rounded differently. */
const SAME_TIME_MS = 1_000;

/** Whether a nomination tells of a job what is not so, in what never changes about a job. */
function contradicts(told: Job, seen: Job): boolean {
  if (told.type !== undefined && seen.type !== undefined && told.type !== seen.type) return true;
  if (
    isEmail(told.principal) &&
    isEmail(seen.principal) &&
    told.principal.toLowerCase() !== seen.principal.toLowerCase()
  )
    return true;
  const { creationTimeMs: toldAtMs } = told;
  const { creationTimeMs: seenAtMs } = seen;
  return toldAtMs !== undefined && seenAtMs !== undefined && Math.abs(toldAtMs - seenAtMs) > SAME_TIME_MS;
}

/** A principal subject and an e-mail may name the same person. */
function isEmail(principal: string | undefined): principal is string {
  return principal?.includes('@') === true && !principal.includes(':');
}
