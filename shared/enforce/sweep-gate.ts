import type { JobName } from '../job/job-name.ts';
import { type BreakerPolicy, type Gate, type SlotGate, slotGate, trip } from './breaker.ts';
import type { EnforcePorts, Span } from './ports.ts';
import { lookAndJudge, stillGuilty } from './second-look.ts';
import { type Suspect, Suspects } from './suspects.ts';

/** From this many acts on, a sweep minds which part of the project's jobs it would stop. */
export const SHARE_FROM_ACTS = 5;

/**
 * The gate of one sweep over one project: besides the slots, it counts the acts of this sweep per policy
 * and trips when they are more than the policy's share of the project's jobs.
 *
 * A list may be stale, and a breaker that tripped stays open until a person comes: so before it trips, it looks
 * at the suspects, until enough of them are found guilty. Only then do acts of that policy wait for looks.
 */
export class SweepGate implements Gate {
  readonly #jobs: number;
  readonly #further: ReadonlyMap<string, number>;
  readonly #slots: SlotGate;
  readonly #span: Span;
  readonly #ports: EnforcePorts;
  /** Those known before the first act, and those that fell due since. */
  readonly #suspects = new Suspects();
  /** By policy: whether its breaker is open. One weighing at a time; what has failed once is not tried again. */
  readonly #open = new Map<string, Promise<boolean>>();

  /**
   * @param jobs how many jobs of the project are pending or running
   * @param further acts per policy that are called for besides those it is asked about; nobody can look at them
   */
  constructor(jobs: number, further: ReadonlyMap<string, number>, span: Span, ports: EnforcePorts) {
    this.#jobs = jobs;
    this.#further = further;
    this.#slots = slotGate(ports);
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
   *
   * @param policies in the order of the file
   */
  async settle(policies: readonly BreakerPolicy[]): Promise<void> {
    for (const policy of policies) {
      if (!this.#suspects.hasSuccessor(policy)) continue;
      if (await this.#isTripped(policy)) this.#close(policy);
      // Whoever asks for an act is told why it cannot be weighed.
      else await this.#isOpen(policy).catch(() => undefined);
    }
  }

  async admit(policy: BreakerPolicy, claimKey: string, job: JobName): Promise<'admitted' | 'open'> {
    this.#suspects.add({ claimKey, job, policies: [policy], looked: false });
    if (await this.#isOpen(policy)) return 'open';
    const answer = await this.#slots.admit(policy, claimKey, job);
    if (answer === 'open') this.#close(policy);
    else this.#suspects.admit(policy, claimKey);
    return answer;
  }

  async #isOpen(policy: BreakerPolicy): Promise<boolean> {
    const before = this.#open.get(policy.name);
    if (before === undefined && !this.#isAbove(policy, this.#suspects.count(policy))) return false;
    const next = (before ?? Promise.resolve(false)).then((isOpen) => isOpen || this.#weigh(policy));
    this.#open.set(policy.name, next);
    return next;
  }

  #close(policy: BreakerPolicy): void {
    this.#open.set(policy.name, Promise.resolve(true));
    this.#suspects.moveOn(policy);
  }

  #isTripped({ name }: BreakerPolicy): Promise<boolean> {
    const { ledger, verb } = this.#ports;
    return ledger.breakerTrip({ verb, policy: name }).then((known) => known !== undefined);
  }

  #isAbove(policy: BreakerPolicy, named: number): boolean {
    const acts = named + this.#furtherOf(policy);
    return acts >= SHARE_FROM_ACTS && acts > policy.breaker.share * this.#jobs;
  }

  #furtherOf({ name }: BreakerPolicy): number {
    return this.#further.get(name) ?? 0;
  }

  async #weigh(policy: BreakerPolicy): Promise<boolean> {
    if (!this.#isAbove(policy, this.#suspects.count(policy))) return false;
    if (!(await this.#isTripped(policy))) {
      if (!(await this.#isTrulyAbove(policy))) return false;
      await trip(policy, this.#why(policy), this.#ports);
    }
    this.#suspects.moveOn(policy);
    return true;
  }

  #why(policy: BreakerPolicy): string {
    const acts = this.#suspects.count(policy) + this.#furtherOf(policy);
    const looked = this.#suspects.countCertain(policy);
    const percent = Math.round(policy.breaker.share * 100);
    const found = `one sweep found ${acts} of the ${this.#jobs} pending and running jobs of ${this.#suspects.projects()} guilty, more than ${percent} %`;
    return looked < acts ? `${found}; it looked at ${looked} of them, which all were` : found;
  }

  /** Looks at no more of the suspects than can be needed to tell. @throws what kept it from telling */
  async #isTrulyAbove(policy: BreakerPolicy): Promise<boolean> {
    const failed = new Map<string, unknown>();
    for (;;) {
      const certain = this.#suspects.countCertain(policy);
      if (this.#isAbove(policy, certain)) return true;
      const waiting = this.#suspects.uncertain(policy).filter(({ claimKey }) => !failed.has(claimKey));
      if (waiting.length === 0) break;
      const least = Math.max(SHARE_FROM_ACTS, Math.floor(policy.breaker.share * this.#jobs) + 1);
      const needed = least - certain - this.#furtherOf(policy);
      await Promise.all(waiting.slice(0, needed).map((suspect) => this.#look(policy, suspect, failed)));
    }
    const [why] = failed.values();
    if (failed.size > 0 && this.#isAbove(policy, this.#suspects.count(policy))) throw why;
    return false;
  }

  async #look(
    policy: BreakerPolicy,
    { claimKey, job }: Suspect,
    failed: Map<string, unknown>,
  ): Promise<void> {
    try {
      const look = await lookAndJudge(job, this.#span, this.#ports);
      const isGuilty = look.kind === 'judged' && stillGuilty(look, policy.name) !== undefined;
      if (isGuilty) this.#suspects.confirm(policy, claimKey);
      else this.#suspects.acquit(policy, claimKey);
    } catch (error) {
      failed.set(claimKey, error);
    }
  }
}
