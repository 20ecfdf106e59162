import type { JobName } from '../job/job-name.ts';
import { actingPolicies } from './acting-policies.ts';
import type { BreakerPolicy } from './breaker.ts';
import type { SecondLook } from './second-look.ts';

/** A job that is to be acted on, as far as is known. */
export interface Suspect {
  readonly claimKey: string;
  readonly job: JobName;
  /** The policies that call for the act: the first acts, and the next where its breaker is open. */
  readonly line: readonly BreakerPolicy[];
  /** Whether a look told so; anything else only nominates. */
  readonly looked: boolean;
}

/** The acts of one sweep, each counted under the policy that it would be done for. */
export class Suspects {
  readonly #all = new Map<string, Suspect>();
  /** By the policy's name, the claim keys. */
  readonly #acts = new Map<string, Set<string>>();
  /** Policies whose breaker is open. */
  readonly #open = new Set<string>();
  /** What looks told that were taken to weigh. */
  readonly #looks = new Map<string, SecondLook>();
  /** Those that have their slot: what a look finds now is what the act did. */
  readonly #begun = new Set<string>();

  /** A look overrules what was known; a nomination tells nothing new of a job that is known. */
  add(suspect: Suspect): void {
    if (suspect.looked || !this.#all.has(suspect.claimKey)) this.#file(suspect);
  }

  /** Takes what a look of the weighing told for what is so. */
  judge(suspect: Suspect, look: Exclude<SecondLook, { kind: 'no-time' }>): void {
    const line = look.kind === 'judged' ? actingPolicies(look).map(({ policy }) => policy) : [];
    this.#looks.set(suspect.claimKey, look);
    this.#file({ ...suspect, line, looked: true });
  }

  /** The look of the weighing that found this policy not to call for the act any more. */
  acquittal(policy: BreakerPolicy, claimKey: string): SecondLook | undefined {
    const { line = [] } = this.#all.get(claimKey) ?? {};
    return line.some(({ name }) => name === policy.name) ? undefined : this.#looks.get(claimKey);
  }

  /** The act is done next, for this policy. */
  begin(policy: BreakerPolicy, { claimKey, job }: Pick<Suspect, 'claimKey' | 'job'>): void {
    this.#file({ claimKey, job, line: [policy], looked: true });
    this.#begun.add(claimKey);
  }

  /** How many acts the policy is to do. */
  count(policy: BreakerPolicy): number {
    return this.#of(policy).size;
  }

  countCertain(policy: BreakerPolicy): number {
    return this.count(policy) - this.uncertain(policy).length;
  }

  /** Those of the policy that nobody has looked at, in the order of their coming. */
  uncertain(policy: BreakerPolicy): readonly Suspect[] {
    return this.#suspectsOf(policy).filter(({ looked }) => !looked);
  }

  /** Whether an act of the policy would be another's, were its breaker open. */
  hasSuccessor(policy: BreakerPolicy): boolean {
    return this.#suspectsOf(policy).some(({ line }) => line.at(-1)?.name !== policy.name);
  }

  /** The policy's breaker is open: what calls for its acts too is to do them. */
  moveOn(policy: BreakerPolicy): void {
    const left = this.#suspectsOf(policy);
    this.#open.add(policy.name);
    for (const suspect of left) this.#file(suspect);
    this.#acts.delete(policy.name);
  }

  #file(suspect: Suspect): void {
    const { claimKey } = suspect;
    if (this.#begun.has(claimKey)) return;
    const before = this.#all.get(claimKey);
    for (const policy of before?.line ?? []) this.#of(policy).delete(claimKey);
    this.#all.set(claimKey, suspect);
    const due = suspect.line.find(({ name }) => !this.#open.has(name));
    if (due) this.#of(due).add(claimKey);
  }

  #suspectsOf(policy: BreakerPolicy): readonly Suspect[] {
    return [...this.#of(policy)].flatMap((claimKey) => this.#all.get(claimKey) ?? []);
  }

  #of({ name }: BreakerPolicy): Set<string> {
    const acts = this.#acts.get(name) ?? new Set<string>();
    this.#acts.set(name, acts);
    return acts;
  }
}
