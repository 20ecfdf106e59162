import type { Job, JobField } from '../job/job.ts';
import type { RerunFacts } from '../job/rerun-facts.ts';
import type { Policies, RetryPolicy } from '../policy/policy.ts';
import { chainEnd } from '../retry/backoff-schedule.ts';
import { eligibility } from '../retry/eligibility.ts';
import { type ReasonOpinion, retryableReason } from '../retry/reasons.ts';
import type { RefusalCode } from '../retry/refusal.ts';
import { exemptByNature, namesPrincipal, natureOf } from './exempt.ts';
import { matchAny, matchSelector } from './match.ts';
import type { RetryFinding, RetryVerdict, UndecidedRetry } from './retry-verdict.ts';

/** Everything besides the job, its resource and the policies that a verdict on a retry may rest on. */
export interface RetryFacts {
  readonly nowMs: number;
  /** How many attempts of the chain were inserted before; 0 for a job that failed by itself. */
  readonly attemptsMade: number;
  /** When the job that the chain began with ended; its own end for a job that failed by itself. */
  readonly rootEndedAtMs: number;
}

/**
 * What the policies say of running a failed job again. Pure, deterministic, total. `job` and `facts` are of one
 * `jobs.get` that gave the whole: nothing else tells enough. What even that does not tell leaves a policy undecided.
 */
export function judgeRetry(
  job: Job,
  facts: RerunFacts,
  policies: Pick<Policies, 'retry'>,
  chain: RetryFacts,
): RetryVerdict {
  const opinions =
    job.state === 'DONE' && job.error ? policies.retry.map((policy) => opine(policy, job, facts, chain)) : [];
  const findings = opinions.flatMap(({ finding }) => finding ?? []).toSorted((a, b) => rank(a) - rank(b));
  const undecided = opinions.flatMap(({ undecided: one }) => one ?? []);
  return { findings, ...consequence(findings[0], chain), undecided };
}

/** What one policy says; nothing when it is not about this job. */
interface Opinion {
  readonly finding?: RetryFinding;
  readonly undecided?: UndecidedRetry;
}

function opine(policy: RetryPolicy, job: Job, facts: RerunFacts, chain: RetryFacts): Opinion {
  const parts = [
    matchSelector(policy.match, job),
    matchAny(policy.excepts, job),
    exemptByNature(natureOf(job, true), policy),
  ] as const;
  const [match, except, exempt] = parts;
  if (match.kind === 'no' || except.kind === 'yes' || exempt.kind === 'yes') return {};
  // The reason comes first: of a failure that the policy does not answer there is nothing more to say.
  const opinion = retryableReason({ result: job.error, all: facts.errors }, policy.rule);
  if (opinion.kind === 'no') return { finding: passedOver(policy, opinion) };
  const { reason } = opinion;
  const lacking: readonly JobField[] = parts.flatMap((part) => (part.kind === 'unknown' ? part.lacks : []));
  const fields = [...new Set(lacking)];
  // Of nobody no policy has a job run again: that is told, and not that nobody knows.
  if (fields.some((field) => field !== 'principal'))
    return { undecided: { policy: policy.name, mode: policy.mode, fields, reason } };
  return { finding: toFinding(policy, reason, job, facts, chain) };
}

function passedOver(
  { name, mode }: RetryPolicy,
  { reason, why, sentence }: Extract<ReasonOpinion, { kind: 'no' }>,
): RetryFinding {
  return {
    policy: name,
    mode,
    outcome: 'passed-over',
    ...(reason !== undefined && { reason }),
    why,
    objection: sentence,
    sentence: `is not run again: ${sentence}`,
  };
}

function toFinding(
  policy: RetryPolicy,
  reason: string,
  job: Job,
  facts: RerunFacts,
  chain: RetryFacts,
): RetryFinding {
  const { name, mode, rule } = policy;
  const objection = objectionTo(policy, job, facts, chain);
  if (objection) {
    const { why, sentence: against } = objection;
    const sentence = `failed with ${reason}, which ${name} answers, and is not run again: ${against}`;
    return { policy: name, mode, outcome: 'refused', reason, why, objection: against, sentence };
  }
  const count = `attempt ${chain.attemptsMade + 1} of ${rule.attempts}`;
  const has = mode === 'observe' ? 'would have' : 'has';
  const sentence = `failed with ${reason}; ${name} ${has} it run again, ${count}`;
  return { policy: name, mode, outcome: 'retry', reason, sentence };
}

interface RefusalOf {
  readonly why: RefusalCode;
  readonly sentence: string;
}

function objectionTo(
  policy: RetryPolicy,
  job: Job,
  facts: RerunFacts,
  chain: RetryFacts,
): RefusalOf | undefined {
  const candidate = { job, facts };
  const ever = eligibility(candidate, { allowRepeatedWrites: true });
  if (ever.kind === 'refused') return ever;
  // Rule 5: who may be acted as is said account by account; a pattern that takes any account says it of none.
  if (job.principal === undefined || !namesPrincipal(policy.match, job.principal)) {
    const sentence = `its account ${job.principal} is not named in the "match.principals" of ${policy.name}`;
    return { why: 'account-not-listed', sentence };
  }
  // Leave to write twice is of no use where the account is not named, and so asked for after that.
  const now = eligibility(candidate, policy.rule);
  if (now.kind === 'refused') return now;
  const deadlineAtMs = chain.rootEndedAtMs + policy.rule.deadlineMs;
  return chainEnd(policy.rule, chain.attemptsMade + 1, deadlineAtMs, chain.nowMs);
}

/**
 * Which finding comes first, and so what follows. One ordered list: the first entry that holds is the finding's rank.
 * Of equals, the one whose policy stands first in the file wins.
 */
const RANKS: readonly ((finding: RetryFinding) => boolean)[] = [
  // A retry that is carried out.
  ({ outcome, mode }) => outcome === 'retry' && mode === 'enforce',
  // One that is only observed: people see what would have happened, and not why another policy refuses it.
  ({ outcome }) => outcome === 'retry',
  // A refusal of a policy in force; then of one that only observes. Of either kind first the one that names the account.
  ({ outcome, mode, why }) => outcome === 'refused' && mode === 'enforce' && why !== 'account-not-listed',
  ({ outcome, mode }) => outcome === 'refused' && mode === 'enforce',
  ({ outcome, why }) => outcome === 'refused' && why !== 'account-not-listed',
  ({ outcome }) => outcome === 'refused',
  // A failure that the policy does not answer.
  () => true,
];

function rank(finding: RetryFinding): number {
  return RANKS.findIndex((holds) => holds(finding));
}

function consequence(
  first: RetryFinding | undefined,
  { attemptsMade }: RetryFacts,
): Pick<RetryVerdict, 'act' | 'refusal'> {
  if (first === undefined) return {};
  const { policy, mode, outcome, reason, why, sentence } = first;
  if (outcome === 'retry' && mode === 'enforce' && reason !== undefined) {
    return { act: { verb: 'retry', policy, attempt: attemptsMade + 1, reason } };
  }
  return outcome === 'refused' && why !== undefined ? { refusal: { policy, why, sentence } } : {};
}
