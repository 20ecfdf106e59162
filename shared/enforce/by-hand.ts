import type { JobsApiError } from '../bigquery/errors.ts';
import type { Look } from '../bigquery/jobs-client.ts';
import type { Job } from '../job/job.ts';
import type { JobName } from '../job/job-name.ts';
import type { Finding } from '../judge/verdict.ts';
import type { Claim, HeldClaim } from '../ledger/ledger.ts';
import { bigqueryNow } from './bigquery-now.ts';
import { type Requested, requestCancel } from './cancel.ts';
import type { Confirm } from './confirm.ts';
import type { EnforcePorts, Span } from './ports.ts';
import { pursueCancel, pursueRequest } from './pursue.ts';
import type { JudgedLook } from './second-look.ts';
import { winInTime } from './win-in-time.ts';
import { BY_HAND, NO_POLICIES, type WithoutPolicy, withoutPolicy } from './without-policy.ts';

export interface ByHandPorts extends WithoutPolicy {
  /** BigQuery did not take a request, which is repeated in so many milliseconds. */
  againIn?(waitMs: number, error: JobsApiError): void;
}

export type ByHand =
  /** It had ended before it was asked for; nothing was done. */
  | { readonly kind: 'ended-before'; readonly job: Job }
  /** It is a script's child: its script is to be cancelled in its stead. Nothing was done. */
  | { readonly kind: 'child'; readonly job: Job; readonly parent: JobName }
  /**
   * The clock of this machine and BigQuery's differ by so much, or BigQuery told no time: leases cannot be judged.
   * Nothing was done.
   */
  | { readonly kind: 'no-time'; readonly job: Job; readonly skewMs?: number }
  /** The watchdog itself is at it, and still was when the time ran out. */
  | { readonly kind: 'held'; readonly job: Job; readonly claim: Claim }
  /** BigQuery took no request; the error says why. Nothing was done, and nobody goes on with it. */
  | { readonly kind: 'not-asked'; readonly job: Job; readonly error: JobsApiError }
  /** The claim tells how far it came: `ended`, `asked` (it runs on), or `void` (not asked, as in a dry run). */
  | { readonly kind: 'acted'; readonly job: Job; readonly claim: Claim };

/** As the watchdog numbers its own: one claim per job, whoever acts. */
const ATTEMPT = 1;
/** A request that is not taken is repeated at least for so long, whether or not the job's end is waited for. */
const ASK_FOR_MS = 60_000;

/**
 * A cancel that a person asked for. The same act as the watchdog's own (claim, look, request, receipt with
 * its alert row, verified until the horizon), without policy and breaker: a person judged. A request that
 * BigQuery does not take for now is repeated for a minute, or until the horizon if that is later. What is not
 * over by the horizon is let go of in good order, and the next sweep looks for its outcome.
 *
 * @param by who asked, for the ledger and for alerts
 * @throws the errors of `bigquery/errors.ts` and `ledger/errors.ts`
 */
export async function cancelByHand(
  name: JobName,
  by: string,
  span: Span,
  ports: ByHandPorts,
): Promise<ByHand> {
  const look = await lookAt(name, span, ports);
  const { job } = look;
  if (job.parent) return { kind: 'child', job, parent: job.parent };
  if (job.state === 'DONE') return { kind: 'ended-before', job };
  const told = bigqueryNow(look);
  if (told.kind === 'skewed') return { kind: 'no-time', job, skewMs: told.skewMs };
  if (told.kind === 'untold') return { kind: 'no-time', job };
  const claim = { job: job.name, attempt: ATTEMPT, policy: BY_HAND, finding: findingOf(by) };
  const answer = await winInTime(claim, span, ports);
  if (answer.kind === 'held') return { kind: 'held', job, claim: answer.claim };
  if (answer.kind === 'ended') return { kind: 'acted', job, claim: answer.claim };
  return act(answer.held, span, withoutPolicy(ports));
}

/** A job that was asked before and has ended since is only recorded. */
async function act(won: HeldClaim, span: Span, ports: ByHandPorts): Promise<ByHand> {
  const enforcing = withoutPolicy(ports);
  const asked = await askUntilTaken(won, span, ports, enforcing);
  const { job } = asked;
  if (asked.kind === 'requested') {
    const { requested } = asked;
    if (requested.kind === 'failed' && requested.held.claim.askedAtMs.length === 0) {
      await ports.ledger.advance(requested.held, { state: 'void', outcome: 'not-asked' }, []);
      return { kind: 'not-asked', job, error: requested.error };
    }
    await pursueRequest(requested, span, enforcing);
  } else if (asked.held.claim.askedAtMs.length > 0) {
    await pursueCancel(asked.held, span, enforcing);
  } else {
    await ports.ledger.advance(asked.held, { state: 'void', outcome: 'no-longer-guilty' }, []);
    return { kind: 'ended-before', job };
  }
  const after = await ports.ledger.claim(won.claim.job, won.claim.verb, ATTEMPT);
  return { kind: 'acted', job, claim: after?.claim ?? won.claim };
}

type Asked =
  | { readonly kind: 'ended'; readonly job: Job; readonly held: HeldClaim }
  | {
      readonly kind: 'requested';
      readonly job: Job;
      readonly requested: Exclude<Requested, { kind: 'held-back' }>;
    };

/** Each request follows a look of its own, under the claim. What would be refused again is not repeated. */
async function askUntilTaken(
  won: HeldClaim,
  span: Span,
  ports: ByHandPorts,
  enforcing: EnforcePorts,
): Promise<Asked> {
  const { clock } = ports;
  const untilMs = Math.max(span.horizonAtMs, clock.now() + ASK_FOR_MS);
  let held = won;
  for (;;) {
    const { job: name } = held.claim;
    const finding = { ...held.claim.finding, action: 'cancel' } as const;
    const look = await lookAt(name, span, ports);
    const { job } = look;
    if (job.state === 'DONE') return { kind: 'ended', job, held };
    const grounds = { look: judged(look, finding), finding };
    const requested = await requestCancel(held, grounds, span, enforcing, BY_A_PERSON);
    if (requested.kind === 'held-back') {
      // It ended meanwhile: the next look records that.
      held = requested.held;
      continue;
    }
    if (
      requested.kind !== 'failed' ||
      requested.error.fault === 'terminal' ||
      requested.againAtMs > untilMs
    ) {
      return { kind: 'requested', job, requested };
    }
    const waitMs = Math.max(0, requested.againAtMs - clock.now());
    ports.againIn?.(waitMs, requested.error);
    await clock.sleep(waitMs);
    held = requested.held;
  }
}

/** A person judged: only that the job has not ended meanwhile is made sure of. */
const BY_A_PERSON: Confirm = {
  lookAgain: async ({ look: { job }, finding }, span, ports) => {
    const look = await lookAt(job.name, span, ports);
    return look.job.state === 'DONE' ? undefined : { look: judged(look, finding), finding };
  },
  isStillWanted: async () => true,
};

function lookAt(name: JobName, { deadlineAtMs }: Span, { jobs }: Pick<ByHandPorts, 'jobs'>): Promise<Look> {
  return jobs.get(name, { deadlineAtMs });
}

function findingOf(by: string): Finding {
  const sentence = `was to be cancelled by hand, by ${by}`;
  return { policy: BY_HAND, degree: 'crossed', action: 'cancel', mode: 'enforce', sentence };
}

function judged({ job, dateMs, receivedAtMs }: Look, finding: Finding): JudgedLook {
  const verdict = { findings: [finding], needs: [], undecided: [] };
  const nowMs = dateMs ?? receivedAtMs;
  return { kind: 'judged', job, policies: NO_POLICIES, verdict, nowMs, aheadMs: receivedAtMs - nowMs };
}
