import type { Policies } from '../policy/policy.ts';
import {
  type Admission,
  type Ask,
  type BreakerPolicy,
  type Gate,
  isOpen,
  takeSlot,
  trip,
} from './breaker.ts';
import type { EnforcePorts, Span } from './ports.ts';
import { lookAndJudge } from './second-look.ts';
import { type Suspect, Suspects } from './suspects.ts';

/** From this many acts on, a sweep minds which part of the project's jobs it would stop. */
export const SHARE_FROM_ACTS = 5;

/** What one sweep over one project weighs its acts by. */
export interface SweepWeights {
  /** What its list was judged by. */
  readonly policies: Policies;
  /** How many jobs of the project are pending or running. */
  readonly jobs: number;
  /** Acts per policy that are called for besides those that the gate is asked about; nobody can look at them. */
  readonly further: ReadonlyMap<string, number>;
}

/** `postponed`: a look that decides it told nothing. */
type Weighed = 'open' | 'closed' | 'postponed';

/**
 * The gate of one sweep over one project: besides the slots, it counts the acts of this sweep per policy
 * and trips when they are more than the policy's share of the project's jobs.
 *
 * A list may be stale, and a breaker that tripped stays open until a person comes: so before it trips, it looks
 * at the suspects, until enough of them are found guilty. Only then do acts of that policy wait for looks.
 */
export class SweepGate implements Gate {
  readonly #weights: SweepWeights;
  readonly #span: Span;
  readonly #ports: EnforcePorts;
  /** Those known before the first act, and those that fell due since. */
  readonly #suspects = new Suspects();
  /** By policy: what came of it. One weighing at a time; what has failed once is not tried again. */
  readonly #weighings = new Map<string, Promise<Weighed>>();

  constructor(weights: SweepWeights, span: Span, ports: EnforcePorts) {
    this.#weights = weights;
    this.#span = span;
    this.#ports = ports;
  }

  /** Counts an act that is about to be done. Call for all acts known before the first one is done. */
  expect(suspect: Suspect): void {
    this.#suspects.add(suspect);
  }

  /**
   * To be called before the first act: where a breaker is open, its acts are counted for the policies that call
   * for them too. A policy after which none comes needs no asking.
   */
  async settle(): Promise<void> {
    for (const policy of this.#weights.policies.cancel) {
      if (!this.#suspects.hasSuccessor(policy)) continue;
      const settled = this.#settleOne(policy);
      // Whoever asks for an act of it is told why nobody can say; acts of other policies go on.
      await settled.catch(() => this.#weighings.set(policy.name, settled));
    }
  }

  async #settleOne(policy: BreakerPolicy): Promise<Weighed> {
    if (!(await isOpen(policy, this.#ports))) return this.#weigh(policy);
    this.#close(policy);
    return 'open';
  }

  async admit({ policy, claimKey, job, line, policies, looked }: Ask): Promise<Admission> {
    // Who else is guilty by a file that came into force meanwhile, only the next list tells.
    if (policies !== this.#weights.policies) return { kind: 'postponed' };
    this.#suspects.add({ claimKey, job, line, looked });
    const weighed = await this.#weigh(policy);
    if (weighed !== 'closed') return { kind: weighed };
    if (await isOpen(policy, this.#ports)) {
      this.#close(policy);
      return { kind: 'open' };
    }
    const look = looked ? undefined : this.#suspects.acquittal(policy, claimKey);
    if (look) return { kind: 'acquitted', look };
    return { kind: 'admitted', takeSlot: (now) => this.#takeSlot(now, { claimKey, job }) };
  }

  async #takeSlot(policy: BreakerPolicy, act: Pick<Suspect, 'claimKey' | 'job'>): Promise<'taken' | 'open'> {
    const answer = await takeSlot(policy, act.claimKey, this.#ports);
    if (answer === 'open') this.#close(policy);
    else this.#suspects.begin(policy, act);
    return answer;
  }

  #weigh(policy: BreakerPolicy): Promise<Weighed> {
    const before = this.#weighings.get(policy.name) ?? Promise.resolve('closed' as const);
    if (!this.#weighings.has(policy.name) && !this.#isAbove(policy, this.#suspects.count(policy)))
      return before;
    const next = before.then((told) => (told === 'closed' ? this.#weighNow(policy) : told));
    this.#weighings.set(policy.name, next);
    return next;
  }

  #close(policy: BreakerPolicy): void {
    this.#weighings.set(policy.name, Promise.resolve('open'));
    this.#suspects.moveOn(policy);
  }

  #isAbove(policy: BreakerPolicy, named: number): boolean {
    return named + this.#furtherOf(policy) >= this.#leastAbove(policy);
  }

  /** So many acts are more than the share. */
  #leastAbove({ breaker }: BreakerPolicy): number {
    return Math.max(SHARE_FROM_ACTS, Math.floor(breaker.share * this.#weights.jobs) + 1);
  }

  #furtherOf({ name }: BreakerPolicy): number {
    return this.#weights.further.get(name) ?? 0;
  }

  /** @throws what kept it from telling */
  async #weighNow(policy: BreakerPolicy): Promise<Weighed> {
    if (!this.#isAbove(policy, this.#suspects.count(policy))) return 'closed';
    const isTripped = await isOpen(policy, this.#ports);
    const weighed = isTripped ? 'open' : await this.#lookAndWeigh(policy);
    if (weighed === 'open') {
      if (!isTripped) await trip(policy, this.#why(policy), this.#ports);
      this.#suspects.moveOn(policy);
    }
    return weighed;
  }

  #why(policy: BreakerPolicy): string {
    const acts = this.#suspects.count(policy) + this.#furtherOf(policy);
    const looked = this.#suspects.countCertain(policy);
    const percent = Math.round(policy.breaker.share * 100);
    const found = `one sweep found ${acts} of the project's ${this.#weights.jobs} pending and running jobs guilty, more than ${percent} %`;
    return looked < acts ? `${found}; it looked at ${looked} of them, which all were` : found;
  }

  /** Looks at no more of the suspects than can be needed to tell. @throws what kept it from telling */
  async #lookAndWeigh(policy: BreakerPolicy): Promise<Weighed> {
    const failed = new Map<string, unknown>();
    for (;;) {
      const certain = this.#suspects.countCertain(policy);
      if (this.#isAbove(policy, certain)) return 'open';
      const waiting = this.#suspects.uncertain(policy).filter(({ claimKey }) => !failed.has(claimKey));
      if (waiting.length === 0) break;
      const needed = this.#leastAbove(policy) - certain - this.#furtherOf(policy);
      await Promise.all(waiting.slice(0, needed).map((suspect) => this.#look(suspect, failed)));
    }
    if (!this.#isAbove(policy, this.#suspects.count(policy))) return 'closed';
    const why = [...failed.values()].find((error) => error !== undefined);
    if (why !== undefined) throw why;
    return 'postponed';
  }

  /** A look at a time that cannot be trusted tells nothing, and people were told of it: it is no error. */
  async #look(suspect: Suspect, failed: Map<string, unknown>): Promise<void> {
    try {
      const look = await lookAndJudge(suspect.job, this.#span, this.#ports);
      if (look.kind === 'no-time') failed.set(suspect.claimKey, undefined);
      else this.#suspects.judge(suspect, look);
    } catch (error) {
      failed.set(suspect.claimKey, error);
    }
  }
}
