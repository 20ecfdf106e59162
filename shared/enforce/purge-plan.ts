import type { Job } from '../job/job.ts';
import type { JobName } from '../job/job-name.ts';
import type { HeldByHold } from '../judge/purge-verdict.ts';
import type { Claim } from '../ledger/ledger.ts';
import type { Policies } from '../policy/policy.ts';
import { bigqueryNow } from './bigquery-now.ts';
import { heldElsewhere } from './held-elsewhere.ts';
import type { PolicyInForce, Span } from './ports.ts';
import { byPerson } from './purge-by-person.ts';
import { decide } from './purge-decision.ts';
import { type JudgedFamily, lookToPurge } from './purge-look.ts';
import type { PurgePorts } from './purge-ports.ts';
import { PURGE_ATTEMPT } from './schedule-purge.ts';
import { NO_POLICIES, type WithoutPolicy, withoutPolicy } from './without-policy.ts';

/** What deleting by hand has of the world. */
export interface ByHandPorts extends WithoutPolicy<PurgePorts> {
  /**
   * The owner's policies, of which those with `retry` have a say: what they have run again goes first (design, rule 6),
   * also where the ledger has nothing of it yet. Absent: what the ledger has of retries is all that is known.
   */
  readonly retries?: Pick<PolicyInForce, 'latest'>;
}

/** Why a job is not purged by hand. Nothing was done. */
export type NotPurged =
  /** BigQuery knows no such job at that location. */
  | { readonly kind: 'gone' }
  /** It is a child: its top-level job is to be purged in its stead, with all its children. */
  | { readonly kind: 'child'; readonly job: Job; readonly parent: JobName }
  /** It, or the child that is named, runs still. */
  | { readonly kind: 'not-ended'; readonly job: Job; readonly running: JobName }
  /** It ended so lately that no list shows all of its children; a minute later they may be there. */
  | { readonly kind: 'children-unlisted'; readonly job: Job }
  | { readonly kind: 'too-many-children'; readonly job: Job }
  /** The clock of this machine and BigQuery's differ by so much, or BigQuery told no time. */
  | { readonly kind: 'no-time'; readonly job: Job; readonly skewMs?: number }
  /** A legal hold keeps it, or one of its children. */
  | { readonly kind: 'on-hold'; readonly job: Job; readonly hold: HeldByHold }
  /** The watchdog keeps it for a hold, of which whoever asks has no file. */
  | { readonly kind: 'held-elsewhere'; readonly job: Job }
  /** What is on hold nobody can tell; `fault` says why. */
  | { readonly kind: 'holds-unreadable'; readonly job: Job; readonly fault: string }
  /** It failed and is run again, or the job that it is an attempt of is still there: that goes first, at most until then. */
  | { readonly kind: 'retry-pending'; readonly job: Job; readonly untilMs: number }
  /** Somebody is at it: the claim says who. */
  | { readonly kind: 'held'; readonly job: Job; readonly claim: Claim };

/** What a person is asked about before it is deleted. */
export interface PurgePlan {
  readonly kind: 'planned';
  readonly job: Job;
  /** Of its children of every generation, which go with it. */
  readonly children: readonly JobName[];
}

/**
 * Looks whether a job may be purged by hand. It only reads. No policy is asked, for a person judges; holds, and that
 * retries go first, bind as for the watchdog.
 *
 * @throws the errors of `bigquery/errors.ts` but NotFoundError, of `ledger/errors.ts`, and what `retries` throws
 */
export async function planPurge(
  name: JobName,
  span: Span,
  byHand: ByHandPorts,
): Promise<PurgePlan | NotPurged> {
  const ports = portsByHand(byHand);
  const look = await lookToPurge(name, span, ports, byPerson(''));
  switch (look.kind) {
    case 'gone':
      return look;
    case 'child':
      return { kind: 'child', job: look.look.job, parent: look.parent };
    case 'not-done':
      return { kind: 'not-ended', job: look.look.job, running: look.look.job.name };
    case 'no-time': {
      const told = bigqueryNow(look.look);
      const { job } = look.look;
      return { kind: 'no-time', job, ...(told.kind === 'skewed' && { skewMs: told.skewMs }) };
    }
    case 'judged':
      return objectionTo(look, ports) ?? (await ofElsewhere(look, ports)) ?? planOf(look);
  }
}

/** What was looked at by one text of the file is judged by that: the same one gives the same policies. */
export function portsByHand(byHand: ByHandPorts): PurgePorts {
  const ports = withoutPolicy(byHand);
  const { retries } = byHand;
  if (!retries) return ports;
  let seen: { readonly file: Policies; readonly policies: Policies } | undefined;
  const latest = async (): Promise<Policies> => {
    const file = await retries.latest();
    if (seen?.file !== file) seen = { file, policies: { ...NO_POLICIES, retry: file.retry } };
    return seen.policies;
  };
  return { ...ports, policies: { ...ports.policies, latest, recent: latest } };
}

async function ofElsewhere(judged: JudgedFamily, ports: PurgePorts): Promise<NotPurged | undefined> {
  const { job } = judged.look.root;
  const known = await ports.ledger.claim(job.name, ports.verb, PURGE_ATTEMPT);
  const isOver = known === undefined || known.claim.state === 'ended' || known.claim.state === 'void';
  return !isOver && heldElsewhere(judged, known.claim.purge) ? { kind: 'held-elsewhere', job } : undefined;
}

function planOf({ look: { root, children = [] } }: JudgedFamily): PurgePlan {
  return { kind: 'planned', job: root.job, children: children.map(({ job }) => job.name) };
}

function objectionTo(judged: JudgedFamily, ports: PurgePorts): NotPurged | undefined {
  const { look, verdict, fault } = judged;
  const { job } = look.root;
  const decision = decide(judged, ports);
  if (decision.kind === 'not-whole') {
    const { running } = decision;
    return running ? { kind: 'not-ended', job, running } : { kind: 'children-unlisted', job };
  }
  if (decision.kind !== 'kept') return undefined;
  const { by, untilMs = look.nowMs } = decision;
  if (by === 'too-many-children') return { kind: by, job };
  if (fault !== undefined) return { kind: 'holds-unreadable', job, fault };
  if (verdict.held) return { kind: 'on-hold', job, hold: verdict.held };
  return { kind: 'retry-pending', job, untilMs };
}
