import type { Claim, ClaimChange, HeldClaim } from '../ledger/ledger.ts';
import type { Confirm, Grounds } from './confirm.ts';
import type { EnforcePorts, Span } from './ports.ts';
import type { JudgedLook } from './second-look.ts';

/** One request on its way. */
export interface Request {
  /** The claim as it stood before this request. */
  readonly before: Claim;
  held: HeldClaim;
  grounds: Grounds;
  /** By BigQuery's clock, once it is to be sent. */
  sentAtMs?: number;
  /** Why it could not be made sure that the request is wanted still. */
  failure?: unknown;
}

const SECOND_MS = 1_000;

/** A request is sent on no older look. */
const LOOK_GOOD_FOR_MS = 5 * SECOND_MS;
/** No request is stamped later than so long after its look: a clock that jumped ahead must not postpone the next. */
const STAMP_WITHIN_MS = 30 * SECOND_MS;

/**
 * Whether the request is to be sent, now that its turn has come. The claim says that it is *before* the policy is
 * read for the last time, for that write may be slow, too. What fails is left in the request.
 */
export async function makeSure(
  request: Request,
  confirm: Confirm,
  span: Span,
  ports: EnforcePorts,
): Promise<boolean> {
  try {
    const ageMs = ageOf(request.grounds.look, ports);
    if (ageMs < 0 || ageMs > LOOK_GOOD_FOR_MS) {
      const again = await confirm.lookAgain(request.grounds, span, ports);
      if (!again) return false;
      request.grounds = again;
    }
    await mark(request, ports);
    if (!(await confirm.isStillWanted(request.grounds, ports))) return false;
    request.sentAtMs = bigqueryTime(request.grounds.look, ports);
    return true;
  } catch (error) {
    request.failure = error;
    return false;
  }
}

/** How long ago a look was, by our own clock. */
function ageOf({ nowMs, aheadMs }: JudgedLook, { clock }: Pick<EnforcePorts, 'clock'>): number {
  return clock.now() - (nowMs + aheadMs);
}

/**
 * The claim says so *before* the call: whoever takes it over knows that the job may have been asked, and a holder
 * that lost its lease is stopped here, by the condition of that write. Requests are stamped with BigQuery's own
 * time, for whoever measures by them may have another clock.
 */
async function mark(request: Request, ports: EnforcePorts): Promise<void> {
  const { look, finding } = request.grounds;
  const askedAtMs = [...request.before.askedAtMs, bigqueryTime(look, ports)];
  const change = { state: 'asked', askedAtMs, finding, policy: finding.policy } as const;
  request.held = (await ports.ledger.advance(request.held, change, [])).held;
}

/** BigQuery's time of now, by how long ago the look was. */
function bigqueryTime(look: JudgedLook, ports: Pick<EnforcePorts, 'clock'>): number {
  return look.nowMs + Math.min(Math.max(0, ageOf(look, ports)), STAMP_WITHIN_MS);
}

/** The claim as if this request had never been. */
export function unmarked({ before }: Request): ClaimChange {
  const { state, askedAtMs, finding, policy } = before;
  return { state, askedAtMs, finding, policy };
}
