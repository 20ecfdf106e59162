import type { JobsReader } from '../bigquery/jobs-client.ts';
import { Sealed } from '../bigquery/sealed.ts';
import type { Job } from '../job/job.ts';
import type { JobName } from '../job/job-name.ts';
import { readRerunFacts } from '../job/rerun-facts.ts';
import type { UnreadJob } from '../job/unread-job.ts';
import type { Claim, HeldClaim } from '../ledger/ledger.ts';
import { attemptId } from '../retry/attempt-id.ts';
import type { Change } from '../retry/change.ts';
import type { JsonObject } from '../retry/json.ts';
import { type Sanitized, sanitize } from '../retry/sanitize.ts';
import { bigqueryNow } from './bigquery-now.ts';
import { chainOf } from './chain-of.ts';
import { nextAttempt } from './next-attempt.ts';
import type { Span } from './ports.ts';
import { type AskDryRun, repeatAs } from './repeat-as.ts';
import { objectionTo, type RepeatRefused } from './repeat-objection.ts';
import type { RetryPorts } from './retry-ports.ts';
import { sameWork } from './same-work.ts';
import { endOf, hasFailed, lookAtWhole, type WholeLook } from './whole-look.ts';
import { type WithoutPolicy, withoutPolicy } from './without-policy.ts';
import type { WorkToCompare } from './work-candidates.ts';

/** What a person wants to have run again. */
export interface RepeatWish {
  readonly name: JobName;
  /** Also what may do something twice, as a policy's `allowRepeatedWrites`. */
  readonly allowRepeatedWrites: boolean;
}

export interface RepeatPorts extends RetryPorts {
  readonly dryRun: AskDryRun;
  /** Lists the jobs of who calls. */
  readonly listOwn: JobsReader['list'];
}

/** A job that may be run again, and how. */
export interface RepeatPlan {
  readonly kind: 'planned';
  readonly wish: RepeatWish;
  readonly named: WholeLook;
  /** The one that its chain began with, whose configuration is sent again: mostly the same. */
  readonly root: WholeLook;
  readonly attempt: number;
  /** The claim of the attempt before, if nobody has settled that it failed. */
  readonly failedBefore?: HeldClaim;
  /** The account that is acted as; undefined: the caller, who ran the root. */
  readonly account: string | undefined;
  readonly body: Sealed<JsonObject>;
  readonly changes: readonly Change[];
  /** What a person has allowed though it may do something twice: about "it", the job. */
  readonly allowed?: string;
  /** By BigQuery's clock. */
  readonly nowMs: number;
}

/** Why a job is not run again. Nothing was done. */
export type NotRepeated =
  | { readonly kind: 'child'; readonly job: Job; readonly parent: JobName }
  /** It runs still. */
  | { readonly kind: 'not-ended'; readonly job: Job }
  | (RepeatRefused & { readonly job: Job })
  /** The clock of this machine and BigQuery's differ by so much, or BigQuery told no time. */
  | { readonly kind: 'no-time'; readonly job: Job; readonly skewMs?: number }
  /** Somebody is at it: the claim says who. */
  | { readonly kind: 'held'; readonly job: Job; readonly claim: Claim }
  /** It runs again as this job already, which may be somebody else's, or has done so with success since it failed. */
  | { readonly kind: 'runs-again' | 'ran-again'; readonly job: Job; readonly other: JobName }
  /** Its location does not answer, or this job that it lists cannot be read: what runs there is not known. */
  | { readonly kind: 'unreachable'; readonly job: Job; readonly unread?: UnreadJob };

/**
 * Looks whether and how a job may be run again by hand. It only reads. No policy is asked, for a person judges; what
 * is true of the job, and who may run it, holds as for the watchdog.
 *
 * @throws the errors of `bigquery/errors.ts` and `ledger/errors.ts`; `WriteRefusedError` as `repeatAs` does
 */
export async function planRepeat(
  wish: RepeatWish,
  span: Span,
  byHand: WithoutPolicy<RepeatPorts>,
): Promise<RepeatPlan | NotRepeated> {
  const ports = withoutPolicy(byHand);
  const look = await ports.jobs.getWhole(wish.name, span);
  const { job } = look;
  if (job.parent) return { kind: 'child', job, parent: job.parent };
  if (job.state !== 'DONE') return { kind: 'not-ended', job };
  const told = bigqueryNow(look);
  if (told.kind === 'untold') return { kind: 'no-time', job };
  if (told.kind === 'skewed') return { kind: 'no-time', job, skewMs: told.skewMs };
  const { nowMs } = told;
  const named = { ...look, facts: readRerunFacts(look.resource.take(), ports) };
  const root = await rootOf(named, nowMs, span, ports);
  const objected = objectionTo(root, named, wish.allowRepeatedWrites);
  if (objected.kind === 'refused') return { ...objected, job };
  const who = await repeatAs(root.job, span.deadlineAtMs, ports.dryRun);
  if (who.kind === 'refused') return { ...who, job };
  const next = await nextAttempt(root.job.name, span, ports);
  if (next.kind === 'held') return { kind: 'held', job, claim: next.claim };
  if (next.kind === 'there') {
    return {
      kind: next.look.job.state === 'DONE' ? 'ran-again' : 'runs-again',
      job,
      other: next.look.job.name,
    };
  }
  if (next.kind === 'none-left') {
    const sentence = 'it was run again as often as its id has room for; repeat its last attempt in its stead';
    return { kind: 'refused', job, why: 'attempts-used', sentence };
  }
  const { attempt, failed } = next;
  const sanitized = sanitizedOf(root, attempt, nowMs);
  if (sanitized.kind === 'refused') return { ...sanitized, job };
  const { body, changes } = sanitized;
  const plan = {
    kind: 'planned',
    wish,
    named,
    root,
    attempt,
    ...(failed && { failedBefore: failed }),
    account: who.account,
    body: new Sealed(body),
    changes,
    ...(objected.allowed !== undefined && { allowed: objected.allowed }),
    nowMs,
  } as const;
  return (await othersWork(plan, span, ports)) ?? plan;
}

/** Where its chain began. One that BigQuery knows no more cannot be sent again: then the job begins a chain of its own. */
async function rootOf(named: WholeLook, nowMs: number, span: Span, ports: RepeatPorts): Promise<WholeLook> {
  const chain = await chainOf(named, nowMs, span, ports);
  return (chain.attemptsMade > 0 ? await lookAtWhole(chain.root, span, ports) : undefined) ?? named;
}

export function sanitizedOf(root: WholeLook, attempt: number, nowMs: number): Sanitized {
  const origin = root.job.name;
  return sanitize({
    resource: root.resource.take(),
    attemptId: attemptId(origin, attempt) ?? '',
    origin,
    attempt,
    guards: {},
    nowMs,
  });
}

type Compared = Pick<RepeatPlan, 'named' | 'root' | 'attempt' | 'account' | 'nowMs'> &
  Pick<WorkToCompare, 'justMade'>;

/**
 * Whether somebody runs the same, or has since it failed (rule 3). A job that did not fail may have been run a
 * hundred times since, as its schedule has it: only what runs now is asked for.
 */
export async function othersWork(
  { named, root, attempt, account, nowMs, justMade }: Compared,
  span: Span,
  ports: RepeatPorts,
): Promise<NotRepeated | undefined> {
  const { job } = named;
  const id = attemptId(root.job.name, attempt) ?? '';
  const work = { root, attemptId: id, sinceMs: endOf(named, nowMs), nowMs, ...(justMade && { justMade }) };
  // Who runs their own job need not see those of others.
  const jobs = account === undefined ? { ...ports.jobs, list: ports.listOwn } : ports.jobs;
  const states = hasFailed(named) ? undefined : (['pending', 'running'] as const);
  const same = await sameWork({ ...work, ...(states && { states }) }, span, { ...ports, jobs });
  switch (same.kind) {
    case 'none':
      return undefined;
    case 'unreachable':
      return { kind: 'unreachable', job };
    case 'unread':
      return { kind: 'unreachable', job, unread: same.job };
    case 'under-way':
      return { kind: 'runs-again', job, other: same.job };
    case 'done':
      return { kind: 'ran-again', job, other: same.job };
  }
}
