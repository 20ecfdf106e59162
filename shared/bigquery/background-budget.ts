import type { Clock } from '../ports/clock.ts';
import { type Budget, CallBudget, type Turn } from './budget.ts';
import type { BudgetLimits } from './budget-limits.ts';
import type { JobsMethod } from './jobs-api.ts';

/**
 * Turns for work that has time: at most a part of what the account may take, and each of them after all others that
 * wait for one of the same method. Every turn is one of the account's, so that both together stay within its limits.
 */
export class BackgroundBudget implements Budget {
  readonly #clock: Clock;
  readonly #limits: BudgetLimits;
  readonly #all: CallBudget;
  #share = 1;
  #own: CallBudget;

  /** @param limits those of `all` */
  constructor(clock: Clock, limits: BudgetLimits, all: CallBudget) {
    this.#clock = clock;
    this.#limits = limits;
    this.#all = all;
    this.#own = new CallBudget(clock, limits);
  }

  /** From now on at most this part, above 0, at most 1; but one request a second, and one in flight. */
  limitTo(share: number): void {
    if (share === this.#share) return;
    this.#share = share;
    this.#own = new CallBudget(this.#clock, partOf(this.#limits, share));
  }

  async take(method: JobsMethod, deadlineAtMs: number): Promise<Turn | undefined> {
    const own = await this.#own.take(method, deadlineAtMs);
    return own && both(own, await this.#all.takeLast(method, deadlineAtMs));
  }

  /** For whoever holds a turn of this budget: what gives way has done so. */
  async takeWithin(method: JobsMethod, deadlineAtMs: number): Promise<Turn | undefined> {
    const own = await this.#own.takeWithin(method, deadlineAtMs);
    return own && both(own, await this.#all.takeWithin(method, deadlineAtMs));
  }
}

function partOf({ requestsPerSecond, inFlight, abandonedMs }: BudgetLimits, share: number): BudgetLimits {
  const part = (whole: number): number => Math.max(1, Math.floor(whole * share));
  return { requestsPerSecond: part(requestsPerSecond), inFlight: part(inFlight), abandonedMs };
}

function both(own: Turn, ofAll: Turn | undefined): Turn | undefined {
  if (ofAll === undefined) {
    own.release();
    return undefined;
  }
  return {
    release: () => {
      ofAll.release();
      own.release();
    },
    abandon: () => {
      ofAll.abandon();
      own.abandon();
    },
  };
}
