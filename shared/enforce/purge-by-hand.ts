import type { JobsApiError } from '../bigquery/errors.ts';
import type { Job } from '../job/job.ts';
import type { JobName } from '../job/job-name.ts';
import type { Certificate, Claim, ClaimFinding, HeldClaim, PurgeDetails } from '../ledger/ledger.ts';
import type { CarriedOut } from './carried-out.ts';
import { type DuePurge, leaveToLater } from './due-purge.ts';
import { letGo } from './let-go.ts';
import type { Span } from './ports.ts';
import { goOnWithPurge } from './purge.ts';
import { byPerson } from './purge-by-person.ts';
import { type ByHandPorts, type NotPurged, type PurgePlan, planPurge, portsByHand } from './purge-plan.ts';
import type { PurgePorts } from './purge-ports.ts';
import { PURGE_ATTEMPT } from './schedule-purge.ts';
import { winInTime } from './win-in-time.ts';
import { BY_HAND } from './without-policy.ts';

export { type ByHandPorts, type NotPurged, type PurgePlan, planPurge } from './purge-plan.ts';

export type PurgedByHand =
  | NotPurged
  /** BigQuery took no request; the error says why. Nothing was done. */
  | { readonly kind: 'not-asked'; readonly job: Job; readonly error?: JobsApiError }
  /** BigQuery was asked, and it was not seen to be gone when the time ran out: the next sweep goes on. */
  | { readonly kind: 'asked'; readonly job: Job; readonly claim: Claim }
  | { readonly kind: 'purged'; readonly job: Job; readonly certificate: Certificate };

/**
 * Purges a job that a person wants purged: the same act as the watchdog's own, without policy and breaker. A purge that
 * the watchdog has put off is done now in its stead, and given back if it cannot be.
 *
 * @param by who wants it, for the ledger, the certificate and alerts
 * @throws the errors of `bigquery/errors.ts` but NotFoundError, of `ledger/errors.ts`, and what `retries` throws
 */
export async function purgeByHand(
  name: JobName,
  by: string,
  span: Span,
  byHand: ByHandPorts,
): Promise<PurgedByHand> {
  const plan = await planPurge(name, span, byHand);
  if (plan.kind !== 'planned') return plan;
  const ports = portsByHand(byHand);
  const { job } = plan;
  await startAnew(job, ports);
  const finding = findingOf(by);
  const purge = detailsOf(plan, by);
  const claim = { job: job.name, attempt: PURGE_ATTEMPT, policy: BY_HAND, finding, purge };
  const answer = await winInTime(claim, span, ports);
  if (answer.kind !== 'won') return { kind: 'held', job, claim: answer.claim };
  const { held, previous } = answer;
  const due: DuePurge = {
    held,
    purge: held.claim.purge ?? purge,
    by: 'hand',
    judge: byPerson(finding.sentence),
    leave: leaving(previous, ports),
  };
  return toldOf(await goOnWithPurge(due, span, ports), { plan, name, key: held.claim }, span, byHand);
}

/** What was purged before, and is there, its person wants purged again. Its certificate stands. */
async function startAnew({ name }: Job, { ledger, verb }: PurgePorts): Promise<void> {
  const held = await ledger.claim(name, verb, PURGE_ATTEMPT);
  if (held?.claim.state === 'ended')
    await ledger.advance(held, { state: 'void', outcome: 'there-again' }, []);
}

/** Nothing was done: the claim is as it was before, so that the watchdog does what it had put off. */
function leaving(previous: Claim | undefined, ports: PurgePorts): DuePurge['leave'] {
  const later = leaveToLater(ports);
  return async (held, left) => {
    const isAsked = (left.change.askedAtMs ?? held.claim.askedAtMs).length > 0;
    if (isAsked) return later(held, left);
    if (previous?.state === 'claimed') return putBack(held, previous, ports);
    return ports.ledger.advance(held, { ...left.change, state: 'void', outcome: 'not-asked' }, []);
  };
}

function putBack(held: HeldClaim, previous: Claim, ports: PurgePorts): Promise<HeldClaim> {
  const { state, askedAtMs, policy, finding, purge, lookAtMs } = previous;
  const before = { state, askedAtMs, policy, finding, ...(purge && { purge }) };
  return letGo(held, lookAtMs ?? ports.clock.now(), ports, before);
}

interface Acted {
  readonly plan: PurgePlan;
  readonly name: JobName;
  readonly key: Claim;
}

/** What held it back in the last moment, a look of now tells. */
async function toldOf(
  carried: CarriedOut,
  { plan, name, key }: Acted,
  span: Span,
  ports: ByHandPorts,
): Promise<PurgedByHand> {
  const { job } = plan;
  switch (carried.kind) {
    case 'purged':
      return { kind: 'purged', job, certificate: carried.certificate };
    case 'asked': {
      const after = await ports.ledger.claim(key.job, key.verb, key.attempt);
      return { kind: 'asked', job, claim: after?.claim ?? key };
    }
    case 'kept-back': {
      if (carried.error) return { kind: 'not-asked', job, error: carried.error };
      const now = await planPurge(name, span, ports);
      return now.kind === 'planned' ? { kind: 'not-asked', job } : now;
    }
    case 'not-found':
      return { kind: 'gone' };
    case 'void':
    case 'left': {
      const now = await planPurge(name, span, ports);
      return now.kind === 'planned' ? { kind: 'not-asked', job } : now;
    }
  }
}

function findingOf(by: string): ClaimFinding {
  const sentence = `was to be deleted by hand, by ${by}`;
  return { policy: BY_HAND, degree: 'crossed', action: 'purge', mode: 'enforce', sentence };
}

function detailsOf({ job }: PurgePlan, person: string): PurgeDetails {
  const { principal, endTimeMs: endedAtMs = 0 } = job;
  return {
    ...(principal !== undefined && { principal }),
    endedAtMs,
    dueAtMs: endedAtMs,
    by: 'hand',
    person,
    found: [],
  };
}
