import type { Finding } from '../judge/verdict.ts';
import type { Claim, HeldClaim } from '../ledger/ledger.ts';
import { slotGate } from './breaker.ts';
import { requestCancel } from './cancel.ts';
import type { EnforcePorts, Span } from './ports.ts';
import { actAlert, record } from './receipt.ts';
import { type JudgedLook, lookAndJudge, stillGuilty } from './second-look.ts';
import { cancelOutcome, isNotTaking, nextLookAtMs, shouldAskAgain } from './verify.ts';

/**
 * Looks until the job ended, first at `firstLookAtMs`; asks again, and tells people, when it does not. What
 * falls beyond the horizon is left to the next tick: the claim is let go of in good order, with the time of
 * the next look.
 */
export async function pursueCancel(
  start: HeldClaim,
  firstLookAtMs: number,
  span: Span,
  ports: EnforcePorts,
): Promise<void> {
  let held: HeldClaim | undefined = start;
  let lookAtMs = firstLookAtMs;
  while (held) {
    if (lookAtMs > span.horizonAtMs) {
      await record(held, { lookAtMs, leaseUntilMs: ports.clock.now() }, [], ports);
      return;
    }
    await ports.clock.sleep(Math.max(0, lookAtMs - ports.clock.now()));
    held = await lookOnce(held, span, ports);
    if (held) lookAtMs = nextLookAtMs(held.claim.askedAtMs, ports.clock.now());
  }
}

/** One look. Resolves to the claim to go on with, or undefined when the act is over. */
async function lookOnce(held: HeldClaim, span: Span, ports: EnforcePorts): Promise<HeldClaim | undefined> {
  const look = await lookAndJudge(held.claim.job, span, ports);
  const now = ports.clock.now();
  if (look.kind === 'gone') {
    await record(held, { state: 'ended', outcome: 'gone', endedAtMs: now }, [], ports);
    return undefined;
  }
  if (look.kind !== 'judged') return held;
  const outcome = cancelOutcome(look.job);
  if (outcome !== 'still-running') {
    await end(held, look, outcome, ports);
    return undefined;
  }
  return shouldAskAgain(held.claim.askedAtMs, now) ? askAgain(held, look, span, ports) : held;
}

async function end(
  held: HeldClaim,
  { job, nowMs }: JudgedLook,
  outcome: 'cancelled' | 'ended-first',
  ports: EnforcePorts,
): Promise<void> {
  const change = { state: 'ended', outcome, endedAtMs: ports.clock.now() } as const;
  // A successor of a crashed holder cannot know whether the request was told; the outbox drops what it has.
  const alerts = [actAlert('cancelling', job, held.claim, nowMs), actAlert(outcome, job, held.claim, nowMs)];
  await record(held, change, alerts, ports);
  ports.log.notice('cancel ended', { job: held.claim.job, policy: held.claim.policy, outcome });
}

/** The job did not end: ask once more, if the policy still wants it, and tell people once it seems in vain. */
async function askAgain(
  held: HeldClaim,
  look: JudgedLook,
  span: Span,
  ports: EnforcePorts,
): Promise<HeldClaim | undefined> {
  const { claim } = held;
  const now = ports.clock.now();
  const inVain = isNotTaking(claim.askedAtMs, now);
  ports.log.warning('job runs on after a cancel', {
    job: claim.job,
    requests: claim.askedAtMs.length,
    inVain,
  });
  const alerts = [actAlert('cancelling', look.job, claim, look.nowMs)];
  if (inVain)
    alerts.push(actAlert('could-not-cancel', look.job, claim, look.nowMs, 'asked-and-still-running'));
  const told = await record(held, {}, alerts, ports);
  const guilty = await stillWanted(look, claim, ports);
  return guilty ? requestCancel(told, look, guilty, span, ports) : told;
}

/**
 * The finding for which the job is to be asked again: of the policy that it was asked for, or else of one that
 * has come to call for the act since, for a job has one claim. That one's breaker is asked as for any act.
 */
async function stillWanted(
  look: JudgedLook,
  claim: Claim,
  ports: EnforcePorts,
): Promise<Finding | undefined> {
  const own = stillGuilty(look, claim.policy);
  if (own) {
    const open = await ports.ledger.breakerTrip({ verb: claim.verb, policy: claim.policy });
    return open ? undefined : own;
  }
  const policy = look.policies.cancel.find(({ name }) => name === look.verdict.act?.policy);
  if (!policy || (await slotGate(ports).admit(policy, claim.key)) === 'open') return undefined;
  return stillGuilty(look, policy.name);
}
