import type { PriceTable } from '../cost/price-table.ts';
import type { Job, JobField } from '../job/job.ts';
import type { CancelPolicy, Policies } from '../policy/policy.ts';
import { candidatesFor } from './candidates.ts';
import { exemptByNature, type Nature, natureOf } from './exempt.ts';
import type { Facts } from './facts.ts';
import { toFinding } from './finding.ts';
import { earliest, measureLimits } from './limits.ts';
import { lookAgain } from './look-again.ts';
import { type Match, matchAny, matchSelector } from './match.ts';
import { bySeverity, isAct } from './precedence.ts';
import type { Finding, Undecided, Verdict } from './verdict.ts';

/**
 * What the policies say of a job, given the facts. Pure, deterministic, total: the same answer for the same
 * arguments, and an answer for any arguments. Jobs that are DONE are past stopping: nothing is found.
 */
export function judge(job: Job, policies: Policies, facts: Facts): Verdict {
  const findings: Finding[] = [];
  const needs: JobField[] = [];
  const undecided: Undecided[] = [];
  let recheckAtMs: number | undefined;
  let certainAtMs: number | undefined;
  const nature = natureOf(job, facts.looked);
  for (const policy of job.state === 'DONE' ? [] : candidatesFor(job, policies.cancel)) {
    const opinion = opine(policy, nature, facts, policies.prices);
    if (opinion.finding) findings.push(opinion.finding);
    if (opinion.undecided) undecided.push(opinion.undecided);
    for (const field of opinion.needs) if (!needs.includes(field)) needs.push(field);
    recheckAtMs = earliest(recheckAtMs, opinion.changesAtMs);
    certainAtMs = earliest(certainAtMs, opinion.certainAtMs);
  }
  const ordered = bySeverity(findings);
  const first = ordered[0];
  const act = first && isAct(first) ? ({ verb: 'cancel', policy: first.policy } as const) : undefined;
  return { findings: ordered, act, needs, undecided, recheckAtMs, certainAtMs };
}

/** What one policy says. */
interface Opinion {
  readonly finding: Finding | undefined;
  readonly needs: readonly JobField[];
  readonly undecided: Undecided | undefined;
  readonly changesAtMs: number | undefined;
  readonly certainAtMs: number | undefined;
}

const NOTHING: Opinion = {
  finding: undefined,
  needs: [],
  undecided: undefined,
  changesAtMs: undefined,
  certainAtMs: undefined,
};

/** A policy fires when its match holds, no except does, and any one limit (if it has limits) is crossed. */
function opine(policy: CancelPolicy, nature: Nature, facts: Facts, prices: PriceTable): Opinion {
  const { job } = nature;
  const match = matchSelector(policy.match, job);
  if (match.kind === 'no') return NOTHING;
  const except = matchAny(policy.excepts, job);
  const exempt = exemptByNature(nature, policy);
  if (except.kind === 'yes' || exempt.kind === 'yes') return NOTHING;

  const standing = measureLimits(policy, job, facts.nowMs);
  const degree = policy.limits.length === 0 || standing.crossed ? 'crossed' : standing.warned && 'warned';
  // What is lacking matters only where the rest could make the policy fire.
  const lacks = degree ? [match, except, exempt].flatMap(lackedBy) : [];
  const finding =
    degree && lacks.length === 0
      ? toFinding(policy, job, degree, standing.crossed ?? standing.warned, prices)
      : undefined;
  const { changesAtMs, certainAtMs } = standing;
  const opinion: Opinion = { ...NOTHING, finding, changesAtMs, certainAtMs };
  return lacks.length + standing.lacks.length === 0
    ? opinion
    : { ...opinion, ...pursue(policy, job, [...lacks, ...standing.lacks], facts, opinion) };
}

function lackedBy(part: Match): readonly JobField[] {
  return part.kind === 'unknown' ? part.lacks : [];
}

/** What follows from fields that are lacking: ask `jobs.get`, look again in a while, or give up and say so. */
function pursue(
  policy: CancelPolicy,
  { state, startTimeMs = 0 }: Job,
  lacks: readonly JobField[],
  facts: Facts,
  soFar: Opinion,
): Partial<Opinion> {
  if (!facts.looked) return { needs: lacks };
  // What a pending job lacked, its start may have brought: the looks are counted anew.
  const next = lookAgain(
    facts.lackedAtMs.filter((atMs) => atMs >= startTimeMs),
    facts.nowMs,
  );
  if (next.kind === 'later') {
    const changesAtMs = Math.min(next.atMs, soFar.changesAtMs ?? next.atMs);
    const certainAtMs = Math.min(next.atMs, soFar.certainAtMs ?? next.atMs);
    return { ...(next.counts && { needs: lacks }), changesAtMs, certainAtMs };
  }
  // As long as it waits for its start nobody can know; each tick looks again.
  if (state === 'PENDING') return {};
  const { name, action, mode } = policy;
  return { undecided: { policy: name, action, mode, fields: lacks } };
}
