import type { Clock } from '../ports/clock.ts';
import { type BudgetLimits, GOOGLE_LIMITS } from './budget-limits.ts';
import type { JobsMethod } from './jobs-api.ts';

/** The right to one request. It counts as in flight until it is released. */
export interface Turn {
  /** The request has settled. Further calls do nothing. */
  release(): void;
  /** Nobody waits for it any more; it still holds its place until it settles, or for `abandonedMs`. */
  abandon(): void;
}

/** Who goes before whom: whoever holds a turn already, then all others as they come, then what gives way to them. */
type Rank = 'within' | 'usual' | 'last';
const RANKS: readonly Rank[] = ['within', 'usual', 'last'];

interface Waiter {
  readonly method: JobsMethod;
  readonly deadlineAtMs: number;
  /** One within another turn needs no place in flight of its own. */
  readonly rank: Rank;
  readonly settle: (turn: Turn | undefined) => void;
}

/** Where turns are asked for. */
export type Budget = Pick<CallBudget, 'take' | 'takeWithin'>;

const WINDOW_MS = 1_000;

/**
 * Shares out requests: so many a second per method, so many in flight over all. First come, first served;
 * a method that is at its rate does not hold up the others.
 */
export class CallBudget {
  readonly #clock: Clock;
  readonly #limits: BudgetLimits;
  /** For each method, when its last `requestsPerSecond` turns were given, oldest first. */
  readonly #given = new Map<JobsMethod, number[]>();
  /** Turns in flight, and until when those count that were abandoned. */
  readonly #inFlight = new Map<Turn, number>();
  #queue: Waiter[] = [];
  #wake: { readonly atMs: number; readonly timer: AbortController } | undefined;

  constructor(clock: Clock, limits: BudgetLimits = GOOGLE_LIMITS) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** How many requests count as in flight now. */
  get inFlight(): number {
    this.#writeOffAbandoned(this.#clock.now());
    return this.#inFlight.size;
  }

  /**
   * Waits for a turn. Undefined as soon as it is certain that none comes before the deadline: at once, when
   * the rate alone does not allow it.
   */
  take(method: JobsMethod, deadlineAtMs: number): Promise<Turn | undefined> {
    return this.#take(method, deadlineAtMs, 'usual');
  }

  /**
   * A turn for whoever holds one already and has not sent anything on it: in the same place in flight, and before
   * all others, for they would wait for that place.
   */
  takeWithin(method: JobsMethod, deadlineAtMs: number): Promise<Turn | undefined> {
    return this.#take(method, deadlineAtMs, 'within');
  }

  /** As `take`, for what gives way: nobody else who waits for a turn of this method goes later. */
  takeLast(method: JobsMethod, deadlineAtMs: number): Promise<Turn | undefined> {
    return this.#take(method, deadlineAtMs, 'last');
  }

  #take(method: JobsMethod, deadlineAtMs: number, rank: Rank): Promise<Turn | undefined> {
    const at = this.#placeOf(rank);
    const ahead =
      rank === 'within' ? 0 : this.#queue.slice(0, at).filter((waiter) => waiter.method === method).length;
    if (this.#earliestTurnMs(method, ahead, this.#clock.now()) >= deadlineAtMs)
      return Promise.resolve(undefined);
    return new Promise((settle) => {
      this.#queue.splice(at, 0, { method, deadlineAtMs, rank, settle });
      this.#pump();
    });
  }

  /** Where in the queue one of that rank comes: the last one within another turn goes before all. */
  #placeOf(rank: Rank): number {
    if (rank === 'within') return 0;
    const later = RANKS.slice(RANKS.indexOf(rank) + 1);
    const at = this.#queue.findIndex((waiter) => later.includes(waiter.rank));
    return at === -1 ? this.#queue.length : at;
  }

  /** When the rate allows a turn to one who has so many before him. Never before `nowMs`. */
  #earliestTurnMs(method: JobsMethod, ahead: number, nowMs: number): number {
    const { requestsPerSecond } = this.#limits;
    const given = this.#lastGiven(method, nowMs);
    const rounds = Math.floor(ahead / requestsPerSecond);
    const index = (ahead % requestsPerSecond) - (requestsPerSecond - given.length);
    const before = given[index];
    const freeMs = before === undefined ? nowMs : before + WINDOW_MS;
    return Math.max(nowMs, freeMs) + rounds * WINDOW_MS;
  }

  /** Gives turns to all who can have one, sends away those whose time is over, and sleeps for the rest. */
  #pump(): void {
    const nowMs = this.#clock.now();
    this.#writeOffAbandoned(nowMs);
    const waiting: Waiter[] = [];
    for (const waiter of this.#queue) {
      if (waiter.deadlineAtMs <= nowMs) waiter.settle(undefined);
      else if (this.#isFree(waiter, nowMs)) waiter.settle(this.#give(waiter, nowMs));
      else waiting.push(waiter);
    }
    this.#queue = waiting;
    this.#sleepUntil(this.#nextChangeMs(nowMs));
  }

  #isFree({ method, rank }: Waiter, nowMs: number): boolean {
    const hasPlace = rank === 'within' || this.#inFlight.size < this.#limits.inFlight;
    return hasPlace && this.#earliestTurnMs(method, 0, nowMs) <= nowMs;
  }

  /** Within another one, a turn counts as in flight once it is abandoned: the other one goes on. */
  #give({ method, rank }: Waiter, nowMs: number): Turn {
    const given = this.#lastGiven(method, nowMs);
    given.push(nowMs);
    if (given.length > this.#limits.requestsPerSecond) given.shift();
    let isReleased = false;
    const turn: Turn = {
      release: () => {
        isReleased = true;
        if (this.#inFlight.delete(turn) && this.#queue.length > 0) this.#pump();
      },
      abandon: () => {
        if (isReleased) return;
        this.#inFlight.set(turn, this.#clock.now() + this.#limits.abandonedMs);
        if (this.#queue.length > 0) this.#pump();
      },
    };
    if (rank !== 'within') this.#inFlight.set(turn, Number.POSITIVE_INFINITY);
    return turn;
  }

  /** Never later than now: a clock that was set back must not make anyone wait for longer than a second. */
  #lastGiven(method: JobsMethod, nowMs: number): number[] {
    let given = this.#given.get(method);
    if (given === undefined || (given.at(-1) ?? nowMs) > nowMs) {
      given = (given ?? []).map((atMs) => Math.min(atMs, nowMs));
      this.#given.set(method, given);
    }
    return given;
  }

  #writeOffAbandoned(nowMs: number): void {
    for (const [turn, untilMs] of this.#inFlight) if (untilMs <= nowMs) this.#inFlight.delete(turn);
  }

  /** When something may change without anybody's doing. Infinity: never, or nobody waits for it. */
  #nextChangeMs(nowMs: number): number {
    if (this.#queue.length === 0) return Number.POSITIVE_INFINITY;
    const isFull = this.#inFlight.size >= this.#limits.inFlight;
    const places = isFull ? this.#inFlight.values() : [];
    let nextMs = Number.POSITIVE_INFINITY;
    for (const untilMs of places) nextMs = Math.min(nextMs, untilMs);
    for (const { method, deadlineAtMs, rank } of this.#queue) {
      const turnMs = isFull && rank !== 'within' ? deadlineAtMs : this.#earliestTurnMs(method, 0, nowMs);
      nextMs = Math.min(nextMs, deadlineAtMs, turnMs);
    }
    return nextMs;
  }

  #sleepUntil(atMs: number): void {
    if (this.#wake?.atMs === atMs) return;
    this.#wake?.timer.abort();
    this.#wake = undefined;
    if (atMs === Number.POSITIVE_INFINITY) return;
    const timer = new AbortController();
    this.#wake = { atMs, timer };
    this.#clock.sleep(atMs - this.#clock.now(), timer.signal).then(
      () => {
        if (this.#wake?.timer === timer) this.#wake = undefined;
        this.#pump();
      },
      // Only by our own abort: another wake has taken its place.
      () => undefined,
    );
  }
}
