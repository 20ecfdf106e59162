import type { RetryEnd } from '../alert/alert.schema.ts';
import type { Job } from '../job/job.ts';
import type { Claim, ClaimFinding, HeldBy, RetryDetails } from '../ledger/ledger.ts';
import type { RetryPolicy } from '../policy/policy.ts';
import { configurationHash } from '../retry/configuration-hash.ts';
import { isJsonObject, type JsonObject } from '../retry/json.ts';
import { sanitize } from '../retry/sanitize.ts';
import { isOpen, takeSlot } from './breaker.ts';
import { type DueLook, lookAtDue } from './due-look.ts';
import type { FailureLook } from './failure.ts';
import { isStopped, neverStarted } from './not-wanted.ts';
import type { Span } from './ports.ts';
import type { RetryStep } from './retry-alerts.ts';
import type { RetryPorts } from './retry-ports.ts';
import { giveTurnBack, takeCaps } from './retry-turn.ts';
import { sameWork } from './same-work.ts';
import { FOR_A_PERSON_MS } from './waits-for-person.ts';

/** What is to become of an attempt that is due. */
export type RetryPlan = ReadyPlan | OverPlan | LaterPlan;

/** It has a turn, and nobody else did its work: it is to be inserted. */
export interface ReadyPlan {
  readonly kind: 'ready';
  readonly look: FailureLook;
  readonly policy: RetryPolicy;
  readonly finding: ClaimFinding;
  readonly principal: string;
  readonly body: JsonObject;
  readonly retry: RetryDetails;
}

/** It is not to be made, now or ever. */
export interface OverPlan {
  readonly kind: 'over';
  readonly step: Extract<RetryStep, 'gave-up' | 'retry-refused' | 'recovered'>;
  readonly why?: RetryEnd;
  /** For a person. */
  readonly outcome: string;
  readonly root?: Job;
  readonly nowMs: number;
}

/** Not now: in so many milliseconds it is planned again. */
export interface LaterPlan {
  readonly kind: 'later';
  readonly inMs: number;
  readonly heldBy?: HeldBy;
  /** People are told so. */
  readonly told?: {
    readonly outcome: string;
    readonly root: Job;
    readonly nowMs: number;
  };
}

const MINUTE_MS = 60_000;
/** How soon to plan again what waits for BigQuery, and what waits for somebody's job to end. */
const SOON_MS = MINUTE_MS;
const LATER_MS = 5 * MINUTE_MS;
/** A cap lets others go after an hour: those that wait for it must not all come at once. */
const CAPPED_MS = 10 * MINUTE_MS;

/**
 * Looks at the root, and at the attempt before, now that the claim is won; judges by the policies of now; makes the
 * body; sees whether somebody else did it; and takes a turn (rule 8). Nothing is written to the claim. Unless it is
 * ready the turn is given back.
 *
 * @throws the errors of `bigquery/errors.ts` but NotFoundError, and of `ledger/errors.ts`
 */
export async function planRetry(
  claim: Claim,
  retry: RetryDetails,
  span: Span,
  ports: RetryPorts,
): Promise<RetryPlan> {
  const look = await lookAtDue(claim, span, ports);
  if (look.kind !== 'judged') return withoutVerdict(look);
  const { root, verdict, nowMs } = look;
  const { act } = verdict;
  const policy = look.policies.retry.find(({ name }) => name === act?.policy);
  const { principal } = root.job;
  if (!act || !policy || principal === undefined) return unwanted(look, claim.policy, ports);
  const sanitized = sanitize({
    resource: root.resource.take(),
    attemptId: retry.attemptId,
    origin: claim.job,
    attempt: claim.attempt,
    guards: policy.rule.guards,
    nowMs,
  });
  if (sanitized.kind === 'refused') {
    const outcome = `it is not run again: ${sanitized.sentence}`;
    return { kind: 'over', step: 'retry-refused', why: sanitized.why, outcome, root: root.job, nowMs };
  }
  const plan = await admitted(look, { policy, claim, retry, principal }, span, ports);
  if (plan.kind !== 'none') return plan;
  const { configuration = null } = sanitized.body;
  const sentence = verdict.findings[0]?.sentence ?? claim.finding.sentence;
  return {
    kind: 'ready',
    look,
    policy,
    finding: { ...claim.finding, policy: policy.name, sentence },
    principal,
    body: sanitized.body,
    retry: {
      ...retry,
      principal,
      // By the policy of now, as it was judged; a claim may be older than the policy, or made by hand.
      deadlineAtMs: look.chain.rootEndedAtMs + policy.rule.deadlineMs,
      configurationHash: configurationHash(isJsonObject(configuration) ? configuration : {}),
      ...(plan.comparedUpToMs !== undefined && { comparedUpToMs: plan.comparedUpToMs }),
    },
  };
}

function withoutVerdict(look: Exclude<DueLook, FailureLook>): OverPlan | LaterPlan {
  if (look.kind === 'untold') return { kind: 'later', inMs: SOON_MS };
  return { ...look, kind: 'over', step: 'gave-up', why: 'gone' };
}

function unwanted(look: FailureLook, policy: string, ports: RetryPorts): OverPlan | LaterPlan {
  const { root, nowMs } = look;
  if (!isStopped(look, ports)) {
    return { kind: 'over', step: 'gave-up', ...neverStarted(look, policy), root: root.job, nowMs };
  }
  const outcome = 'nothing is done until a person lets acts be done again';
  return {
    kind: 'later',
    inMs: FOR_A_PERSON_MS,
    heldBy: 'stopped',
    told: { outcome, root: root.job, nowMs },
  };
}

function barred({ root, nowMs }: FailureLook): LaterPlan {
  const outcome = 'nothing is done while its breaker is open';
  const told = { outcome, root: root.job, nowMs };
  return { kind: 'later', inMs: FOR_A_PERSON_MS, heldBy: 'breaker-open', told };
}

interface Candidate {
  readonly policy: RetryPolicy;
  readonly claim: Claim;
  readonly retry: RetryDetails;
  readonly principal: string;
}

type Admitted = OverPlan | LaterPlan | { readonly kind: 'none'; readonly comparedUpToMs?: number };

/** The breaker's slot comes last: taken for what is not done after all, it could trip it. */
async function admitted(
  look: FailureLook,
  { policy, claim, retry, principal }: Candidate,
  span: Span,
  ports: RetryPorts,
): Promise<Admitted> {
  if (await isOpen(policy, ports)) return barred(look);
  if ((await takeCaps(policy, claim, principal, ports)) === 'capped') {
    const inMs = CAPPED_MS * (0.5 + ports.random());
    const outcome = 'it waits, for as many retries as its caps allow were started within an hour';
    return {
      kind: 'later',
      inMs,
      heldBy: 'capped',
      told: { outcome, root: look.root.job, nowMs: look.nowMs },
    };
  }
  const plan = await unlessDone(look, retry, span, ports);
  const isDue = plan.kind === 'none';
  if (isDue && (await takeSlot(policy, claim.key, ports)) === 'taken') return plan;
  await giveTurnBack(policy, claim, principal, ports);
  return isDue ? barred(look) : plan;
}

/** Unless somebody else's job does the same, or nobody can tell. */
async function unlessDone(
  { root, chain, nowMs }: FailureLook,
  { attemptId: id, comparedUpToMs = 0 }: RetryDetails,
  span: Span,
  ports: RetryPorts,
): Promise<Admitted> {
  const sinceMs = Math.max(chain.rootEndedAtMs, comparedUpToMs);
  const same = await sameWork({ root, attemptId: id, sinceMs }, span, ports);
  switch (same.kind) {
    case 'none':
      return same;
    case 'unreachable':
    case 'under-way':
      return same.kind === 'unreachable'
        ? { kind: 'later', inMs: SOON_MS, heldBy: 'request-failed' }
        : { kind: 'later', inMs: LATER_MS, heldBy: 'same-work-runs' };
    case 'done': {
      const outcome = `${same.job.jobId} did the same since, and succeeded`;
      return { kind: 'over', step: 'recovered', why: 'run-by-others', outcome, root: root.job, nowMs };
    }
  }
}
