import type { Claim, PurgeDetails } from '../ledger/ledger.ts';
import { attemptPurge } from './attempt-purge.ts';
import type { CarriedOut } from './carried-out.ts';
import { clocksAgree } from './clocks-agree.ts';
import { type DuePurge, leaveToLater } from './due-purge.ts';
import { isFreeAtMs } from './enforce.ts';
import type { Span } from './ports.ts';
import { byPerson } from './purge-by-person.ts';
import { BY_POLICIES, type Judge } from './purge-look.ts';
import type { PurgePorts } from './purge-ports.ts';
import { pursuePurge } from './pursue-purge.ts';
import { waitsForPerson } from './waits-for-person.ts';
import { BY_HAND } from './without-policy.ts';

export type { CarriedOut } from './carried-out.ts';

/**
 * Goes on with a claim that wants attention (`dueClaims`): deletes what is due, or sees whether what was deleted is gone.
 * A claim that is not due yet, or that somebody else has, is left as it stands.
 *
 * @param by whose budget it spends, if not that of whoever scheduled it
 * @throws the errors of `bigquery/errors.ts`, and of `ledger/errors.ts`; the claim is due again then
 */
export async function carryOutPurge(
  due: Claim,
  span: Span,
  ports: PurgePorts,
  by?: PurgeDetails['by'],
): Promise<CarriedOut> {
  const left = { kind: 'left' } as const;
  const known = await ports.ledger.claim(due.job, due.verb, due.attempt);
  if (!known || !isUnfinished(known.claim) || isFreeAtMs(known.claim) > ports.clock.now()) return left;
  if (await waitsForPerson(known.claim, ports)) return left;
  // An instance whose clock is wrong is wrong about leases, too.
  if (!(await clocksAgree(due.job, span, ports))) return left;
  const { job, verb, attempt, policy, finding } = known.claim;
  const { holder, leaseMs } = ports;
  const answer = await ports.ledger.win({ job, verb, attempt, policy, finding, holder, leaseMs });
  if (answer.kind !== 'won') return left;
  const { held } = answer;
  const { purge } = held.claim;
  if (!purge) {
    // It was lost since it was read: whoever finds the job again schedules it anew.
    await ports.ledger.advance(held, { state: 'void', outcome: 'lost' }, []);
    return { kind: 'void' };
  }
  const whose = by ?? budgetOf(held.claim, purge, ports.clock.now());
  if (whose === undefined) {
    await ports.ledger.advance(held, { state: 'void', outcome: 'not-asked' }, []);
    return { kind: 'void' };
  }
  const leave = whose === 'hand' ? leaveAtOnce(ports) : leaveToLater(ports);
  return goOnWithPurge({ held, purge, by: whose, judge: judgeOf(held.claim), leave }, span, ports);
}

/** As far back as a first sweep looks: what ended since then the watchdog purges by itself. */
const OWN_MS = 72 * 3_600_000;

/**
 * Whose budget a sweep spends. What a person confirmed and BigQuery was not asked for is not done in their stead: what
 * a sweep would have found by itself is its own, under the breaker; anything older is nobody's.
 */
function budgetOf(
  { askedAtMs }: Claim,
  { by, endedAtMs }: PurgeDetails,
  nowMs: number,
): PurgeDetails['by'] | undefined {
  if (by !== 'hand' || askedAtMs.length > 0) return by;
  return nowMs - endedAtMs < OWN_MS ? 'live' : undefined;
}

/** What a command does not do now, the next one may: what kept this one back, such as a dry run, was its own. */
function leaveAtOnce(ports: PurgePorts): DuePurge['leave'] {
  const later = leaveToLater(ports);
  return (held, left) => {
    const isAsked = (left.change.askedAtMs ?? held.claim.askedAtMs).length > 0;
    return later(held, isAsked ? left : { ...left, lookAtMs: ports.clock.now() });
  };
}

function isUnfinished({ state }: Claim): boolean {
  return state === 'claimed' || state === 'asked';
}

/** What a person had BigQuery asked for is gone on with. What they had not, the policies decide. */
function judgeOf({ policy, finding, askedAtMs }: Claim): Judge {
  return policy === BY_HAND && askedAtMs.length > 0 ? byPerson(finding.sentence) : BY_POLICIES;
}

/** The life of a purge that was won: asked for, seen to be gone, asked for again; up to the horizon. */
export async function goOnWithPurge(won: DuePurge, span: Span, ports: PurgePorts): Promise<CarriedOut> {
  let due = won;
  let isAsked = won.held.claim.askedAtMs.length > 0;
  let aheadMs = 0;
  for (;;) {
    if (isAsked) {
      const seen = await pursuePurge(due, aheadMs, span, ports);
      if (seen.kind !== 'ask') return seen;
      due = seen.due;
    }
    const asked = await attemptPurge(due, span, ports);
    if (asked.kind !== 'look') return asked;
    due = asked.due;
    aheadMs = asked.aheadMs;
    isAsked = true;
  }
}
