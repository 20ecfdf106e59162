import type { EnforcePorts, Span } from '../enforce/ports.ts';
import { lookAndJudge, type SecondLook } from '../enforce/second-look.ts';
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
  readonly nowMs: number;
}

/** Why there is nothing to judge: `jobs.get` answers 404, or its time cannot be trusted. */
export type NoSight = 'gone' | 'no-time';

/** Judges a job as an entry or a list item told it. */
export function nominate(job: Job, policies: Policies, nowMs: number): Sight {
  const verdict = judge(job, policies, { nowMs, lackedAtMs: [], looked: false });
  return { job, policies, verdict, looked: false, nowMs };
}

/** Looks at a job; at its script, if it is a child of one. */
export async function look(name: JobName, span: Span, ports: EnforcePorts): Promise<Sight | NoSight> {
  return sightOf(await lookAndJudge(name, span, ports), span, ports);
}

/** What a look told, as something to go on with. */
export async function sightOf(told: SecondLook, span: Span, ports: EnforcePorts): Promise<Sight | NoSight> {
  if (told.kind === 'judged') return { ...told, looked: true };
  if (told.kind !== 'child') return told.kind;
  const parent = await lookAndJudge(told.parent, span, ports);
  if (parent.kind === 'judged') return { ...parent, looked: true };
  // BigQuery nests scripts one deep: a parent with a parent is none that can be acted on.
  return parent.kind === 'child' ? 'gone' : parent.kind;
}
