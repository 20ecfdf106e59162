import type { Finding } from '../judge/verdict.ts';
import type { Claim, HeldClaim } from '../ledger/ledger.ts';
import { actingPolicies } from './acting-policies.ts';
import { isOpen, takeSlot } from './breaker.ts';
import { type Requested, requestCancel } from './cancel.ts';
import { giveBack } from './give-back.ts';
import type { EnforcePorts, Span } from './ports.ts';
import { actAlert, record } from './receipt.ts';
import { type JudgedLook, lookAndJudge, stillGuilty } from './second-look.ts';
import { cancelOutcome, isLeftRunning, isNotTaking, nextLookAtMs, shouldAskAgain } from './verify.ts';

/** A claim that is pursued: when to look next, and whether to ask again then though no request had its time. */
interface Pursuit {
  readonly held: HeldClaim;
  readonly lookAtMs: number;
  readonly lastFailed: boolean;
}

/** How soon to look again where a look told nothing to go by. */
const LOOK_AGAIN_MS = 5_000;

/** Goes on after a request. */
export async function pursueRequest(requested: Requested, span: Span, ports: EnforcePorts): Promise<void> {
  const pursuit = pursuitOf(requested, ports.clock.now());
  if (pursuit) await pursue(pursuit, span, ports);
}

/** Goes on with a claim whose job was asked, or may have been, by somebody before. */
export async function pursueCancel(held: HeldClaim, span: Span, ports: EnforcePorts): Promise<void> {
  await pursue({ held, lookAtMs: ports.clock.now(), lastFailed: false }, span, ports);
}

function pursuitOf(requested: Requested, now: number): Pursuit | undefined {
  if (requested.kind === 'over') return undefined;
  const { held } = requested;
  return requested.kind === 'asked'
    ? { held, lookAtMs: nextLookByOurClock(held, requested.look, now), lastFailed: false }
    : { held, lookAtMs: requested.againAtMs, lastFailed: true };
}

/** Requests are stamped by BigQuery's clock, and we wait by ours. */
function nextLookByOurClock({ claim }: HeldClaim, { aheadMs }: JudgedLook, now: number): number {
  return nextLookAtMs(claim.askedAtMs, now - aheadMs) + aheadMs;
}

/**
 * Looks until the job ended; asks again, and tells people, when it does not. What falls beyond the horizon is
 * left to the next tick: the claim is let go of in good order, with the time of the next look.
 */
async function pursue(start: Pursuit, span: Span, ports: EnforcePorts): Promise<void> {
  let pursuit: Pursuit | undefined = start;
  while (pursuit) {
    const { held, lookAtMs } = pursuit;
    const now = ports.clock.now();
    if (lookAtMs > span.horizonAtMs || now < span.startedAtMs) {
      await record(held, { lookAtMs, leaseUntilMs: now }, [], ports);
      return;
    }
    await ports.clock.sleep(Math.max(0, lookAtMs - now));
    pursuit = await lookOnce(pursuit, span, ports);
  }
}

/** One look. Resolves to how to go on, or to undefined when the act is over. */
async function lookOnce(
  { held, lastFailed }: Pursuit,
  span: Span,
  ports: EnforcePorts,
): Promise<Pursuit | undefined> {
  const look = await lookAndJudge(held.claim.job, span, ports);
  const now = ports.clock.now();
  if (look.kind === 'gone') {
    if (held.claim.askedAtMs.length === 0) await giveBack(held, look, ports);
    else await record(held, { state: 'ended', outcome: 'gone', endedAtMs: now }, [], ports);
    return undefined;
  }
  if (look.kind !== 'judged') return { held, lookAtMs: now + LOOK_AGAIN_MS, lastFailed };
  const { askedAtMs } = held.claim;
  const outcome = cancelOutcome(look.job);
  if (outcome !== 'still-running') {
    // What was never asked to stop is not ours to tell of.
    if (askedAtMs.length === 0) await giveBack(held, look, ports);
    else await end(held, look, outcome, ports);
    return undefined;
  }
  if (lastFailed || shouldAskAgain(askedAtMs, look.nowMs))
    return askAgain({ held, look, lastFailed }, span, ports);
  return { held, lookAtMs: nextLookByOurClock(held, look, now), lastFailed };
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

interface Again {
  readonly held: HeldClaim;
  readonly look: JudgedLook;
  readonly lastFailed: boolean;
}

/** The job did not end: ask once more, if the policy still wants it, and tell people once it seems in vain. */
async function askAgain(
  { held, look, lastFailed }: Again,
  span: Span,
  ports: EnforcePorts,
): Promise<Pursuit | undefined> {
  const { claim } = held;
  const guilty = await stillWanted(look, claim, ports);
  if (!guilty && claim.askedAtMs.length === 0) {
    await giveBack(held, look, ports);
    return undefined;
  }
  const isBarred = !guilty && isFoundGuilty(look);
  const isInVain = isBarred ? isLeftRunning : isNotTaking;
  const told =
    lastFailed && !isBarred
      ? held
      : await tellInVain(held, look, isInVain(claim.askedAtMs, look.nowMs), ports);
  if (!guilty) return { held: told, lookAtMs: wantedAgainAtMs(told, look, ports.clock.now()), lastFailed };
  return pursuitOf(await requestCancel(told, { look, finding: guilty }, span, ports), ports.clock.now());
}

/** Whether a policy finds that it should not run, whoever may act on that. */
function isFoundGuilty({ verdict }: JudgedLook): boolean {
  return verdict.findings.some(({ degree, action }) => degree === 'crossed' && action === 'cancel');
}

/** When to look at a job that no policy wants stopped any more: by then one may, for something else. */
function wantedAgainAtMs(held: HeldClaim, look: JudgedLook, now: number): number {
  const nextMs = nextLookByOurClock(held, look, now);
  const { recheckAtMs } = look.verdict;
  return recheckAtMs === undefined
    ? nextMs
    : Math.min(nextMs, Math.max(recheckAtMs + look.aheadMs, now + LOOK_AGAIN_MS));
}

/**
 * The finding for which the job is to be asked again: of the policy that it was asked for, or else of one that
 * has come to call for the act since, for a job has one claim. That one's breaker is asked as for any act. A job
 * that was never asked is given back instead, and judged anew.
 */
async function stillWanted(
  look: JudgedLook,
  claim: Claim,
  ports: EnforcePorts,
): Promise<Finding | undefined> {
  const own = stillGuilty(look, claim.policy);
  if (own && !(await isOpen({ name: claim.policy }, ports))) return own;
  if (claim.askedAtMs.length === 0) return undefined;
  for (const { policy, finding } of actingPolicies(look)) {
    if (policy.name === claim.policy) continue;
    if ((await takeSlot(policy, claim.key, ports)) === 'taken') return finding;
  }
  return undefined;
}

/** A request had its time and the job runs on: people are told, once that seems to be all there is to it. */
async function tellInVain(
  held: HeldClaim,
  look: JudgedLook,
  inVain: boolean,
  ports: EnforcePorts,
): Promise<HeldClaim> {
  const { claim } = held;
  ports.log.warning('job runs on after a cancel', {
    job: claim.job,
    requests: claim.askedAtMs.length,
    inVain,
  });
  const alerts = [actAlert('cancelling', look.job, claim, look.nowMs)];
  if (inVain) {
    alerts.push(actAlert('could-not-cancel', look.job, claim, look.nowMs, 'asked-and-still-running'));
  }
  return record(held, {}, alerts, ports);
}
