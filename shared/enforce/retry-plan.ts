import type { Claim, ClaimFinding, RetryDetails } from '../ledger/ledger.ts';
import type { RetryPolicy } from '../policy/policy.ts';
import type { JsonObject } from '../retry/json.ts';
import { admit } from './admit-retry.ts';
import { endOfUnstarted } from './at-deadline.ts';
import { type DueLook, lookAtDue } from './due-look.ts';
import type { FailureLook } from './failure.ts';
import type { HeldWork } from './hold-work.ts';
import { lookOnceMore, withoutMissing } from './look-once-more.ts';
import { isStopped } from './not-wanted.ts';
import type { Span } from './ports.ts';
import { retryBody } from './retry-body.ts';
import type { LaterPlan, OverPlan } from './retry-plans.ts';
import type { RetryPorts } from './retry-ports.ts';
import { SOON_MS } from './unless-done.ts';
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
  /** To be released once it is inserted, or not. */
  readonly work: HeldWork;
}

/**
 * Looks at the root, and at the attempt before, now that the claim is won; judges by the policies of now; makes the
 * body; sees whether somebody else did it; and takes a turn (rule 8). Nothing is written to the claim. Unless it is
 * ready the turn is given back, and the work let go of.
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
  if (look.kind !== 'judged') return withoutVerdict(look, retry, ports);
  const { root, verdict, nowMs } = look;
  const { act } = verdict;
  const policy = look.policies.retry.find(({ name }) => name === act?.policy);
  const { principal } = root.job;
  if (!act || !policy || principal === undefined) {
    return isStopped(look, ports) ? stopped(look) : endOfUnstarted(look, claim, retry, span, ports);
  }
  const made = retryBody(look, policy, claim, retry);
  if (made.kind === 'refused') {
    const outcome = `it is not run again: ${made.sentence}`;
    return { kind: 'over', step: 'retry-refused', why: made.why, outcome, root: root.job, nowMs };
  }
  const { body, hashes } = made;
  const candidate = { policy, claim, retry, principal, hash: hashes.configurationHash };
  const plan = await admit(look, candidate, span, ports);
  if (plan.kind !== 'admitted') return plan;
  const sentence = verdict.findings[0]?.sentence ?? claim.finding.sentence;
  return {
    kind: 'ready',
    look,
    policy,
    finding: { ...claim.finding, policy: policy.name, sentence },
    principal,
    body,
    work: plan.work,
    retry: {
      ...withoutMissing(retry),
      principal,
      // By the policy of now, as it was judged; a claim may be older than the policy, or made by hand.
      deadlineAtMs: look.chain.rootEndedAtMs + policy.rule.deadlineMs,
      ...hashes,
      ...(plan.comparedUpToMs !== undefined && { comparedUpToMs: plan.comparedUpToMs }),
    },
  };
}

function withoutVerdict(
  look: Exclude<DueLook, FailureLook>,
  retry: RetryDetails,
  { clock }: RetryPorts,
): OverPlan | LaterPlan {
  if (look.kind === 'untold') return { kind: 'later', inMs: SOON_MS };
  const { jobId, ...end } = look;
  const now = clock.now();
  const again = lookOnceMore(jobId, retry, now);
  if (again) return { kind: 'later', inMs: again.atMs - now, missing: again.missing };
  return { ...end, kind: 'over', step: 'gave-up', why: 'gone' };
}

function stopped({ root, nowMs }: FailureLook): LaterPlan {
  const outcome = 'nothing is done until a person lets acts be done again';
  return {
    kind: 'later',
    inMs: FOR_A_PERSON_MS,
    heldBy: 'stopped',
    told: { outcome, root: root.job, nowMs },
  };
}
