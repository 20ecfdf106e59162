import { createHash } from 'node:crypto';
import { scopeKey, slotKey } from './breaker-keys.ts';
import type { SlotScope } from './ledger.ts';
import type { LedgerStore } from './store.ts';

/** How many numbers are looked at before free ones are searched for by counting. */
const PROBES = 6;

/**
 * The number of a free slot that may be taken now, or undefined when `acts` are taken. Somebody may be faster:
 * the number is had by creating its slot, and whoever finds it taken by then must ask again.
 *
 * A slot that is taken counts whatever its number, also when `acts` has since been lowered below it. So only
 * numbers below a bound may be had, of which this was true at one moment: the bound, and the slots taken at it
 * and above, are not more than `acts` together. Then racers, however old what they know, never have more than
 * `acts` together (docs/decisions/0015): of all bounds that they go by take the highest; above it nobody takes
 * any, and below it are no more numbers than it says.
 *
 * @param spreadBy racers that differ in it seldom want the same number
 */
export async function numberToTake(
  store: LedgerStore,
  scope: SlotScope,
  acts: number,
  spreadBy: string,
): Promise<number | undefined> {
  if (acts < 1) return undefined;
  const draws = new Uint32Array(Uint8Array.from(createHash('sha256').update(spreadBy).digest()).buffer);
  const taken = takenIn(store, scope);
  // Unless acts was lowered none is taken from it on, and it is the bound itself.
  const isLowered = (await taken(acts)) > 0;
  if (!isLowered) {
    for (const draw of draws.subarray(0, PROBES)) {
      const number = draw % acts;
      if ((await store.get('slots', slotKey(scope, number))) === undefined) return number;
    }
  }
  if ((await taken(0)) >= acts) return undefined;
  const bound = isLowered ? await highestBound(taken, acts) : acts;
  // Not even the lowest number may be had: what was free a moment ago has been taken.
  if (bound === 0) return undefined;
  return freeBelow(bound, taken, draws.at(-1) ?? 0);
}

/** How many slots are taken from a number on, and below another one if given, all at one moment. */
type Taken = (from: number, below?: number) => Promise<number>;

function takenIn(store: LedgerStore, scope: SlotScope): Taken {
  return (from, below) =>
    store.count({
      collection: 'slots',
      group: scopeKey(scope),
      fromKey: slotKey(scope, from),
      ...(below !== undefined && { beforeKey: slotKey(scope, below) }),
    });
}

/** The highest bound that may be gone by. From one number to the next, bound and slots from it on never get fewer. */
async function highestBound(taken: Taken, acts: number): Promise<number> {
  let [bound, tooHigh] = [0, acts];
  while (tooHigh - bound > 1) {
    const middle = Math.floor((bound + tooHigh) / 2);
    if (middle + (await taken(middle)) <= acts) bound = middle;
    else tooHigh = middle;
  }
  return bound;
}

/**
 * A free number if there is one, found by halving. Each bit of `draw` says which half to look at first. If all
 * were taken meanwhile it is a taken one.
 */
async function freeBelow(bound: number, taken: Taken, draw: number): Promise<number> {
  let [from, below] = [0, bound];
  for (let bits = draw; below - from > 1; bits >>>= 1) {
    const middle = Math.floor((from + below) / 2);
    const isUpperFirst = bits % 2 === 1;
    const isFull = isUpperFirst
      ? (await taken(middle, below)) >= below - middle
      : (await taken(from, middle)) >= middle - from;
    if (isUpperFirst === isFull) below = middle;
    else from = middle;
  }
  return from;
}
