import type { Invariant } from '../invariant.ts';
import { oneId, trueMeasure, trueOutcome, wellFormed } from './alerts.ts';
import { convicted, shared, shut, slotted, weighed } from './breaker.ts';
import { claimed, held, leased, once, receipts } from './claims.ts';
import { justified } from './justified.ts';
import { escalated, finished, sent, stopped, told } from './liveness.ts';
import { settled, understood } from './messages.ts';
import { toldOnce, toldWithheld } from './permissions.ts';
import { answered, counted, haltedRetries, said, same } from './retries.ts';
import { observedOnce, squatted, toldOneEnd, toldRetried, trueEnd, trueRetried } from './retry-alerts.ts';
import { braked, capped, shutRetries } from './retry-bounds.ts';
import { done, ended, found, sentRetries, spread } from './retry-liveness.ts';
import { alone, onceAtATime, waited } from './same-work.ts';
import { secret } from './secrets.ts';
import { spaced } from './spacing.ts';
import { halted } from './stop.ts';
import { goneOnWhere, goneOnWith, saidIncomplete } from './sweeps.ts';

/** Everything that holds in every world. A new one is a value and a line here. */
export const INVARIANTS: readonly Invariant[] = [
  justified,
  claimed,
  held,
  once,
  leased,
  receipts,
  spaced,
  halted,
  slotted,
  convicted,
  shut,
  shared,
  weighed,
  wellFormed,
  oneId,
  trueOutcome,
  trueMeasure,
  secret,
  settled,
  understood,
  goneOnWith,
  goneOnWhere,
  saidIncomplete,
  toldWithheld,
  toldOnce,
  stopped,
  told,
  escalated,
  sent,
  finished,
  answered,
  same,
  counted,
  alone,
  waited,
  onceAtATime,
  said,
  haltedRetries,
  capped,
  braked,
  shutRetries,
  squatted,
  observedOnce,
  toldRetried,
  toldOneEnd,
  trueEnd,
  trueRetried,
  found,
  done,
  spread,
  ended,
  sentRetries,
];
