import type { JobName } from '../job/job-name.ts';
import type { BreakerPolicy } from './breaker.ts';

/** A job that is to be acted on, as far as is known before it is looked at. */
export interface Suspect {
  readonly claimKey: string;
  readonly job: JobName;
  /** The policies that call for the act: the first acts, and the next where its breaker is open. */
  readonly policies: readonly BreakerPolicy[];
  /** A look of this sweep found it guilty already, of all of them. */
  readonly looked: boolean;
}

/** The acts of one sweep, each counted under the policy that it would be done for. */
export class Suspects {
  readonly #all = new Map<string, Suspect>();
  /** By the policy's name, the claim keys. */
  readonly #acts = new Map<string, Set<string>>();
  /** What a look found guilty, and what was let through: it is counted, and not looked at any more. */
  readonly #confirmed = new Set<string>();
  readonly #admitted = new Set<string>();
  /** What a look acquitted: it is not counted again. */
  readonly #acquitted = new Set<string>();

  add(suspect: Suspect): void {
    const { claimKey } = suspect;
    if (!this.#all.has(claimKey)) this.#all.set(claimKey, suspect);
    const [policy] = suspect.policies;
    if (suspect.looked) for (const each of suspect.policies) this.confirm(each, claimKey);
    if (policy && !this.#acquitted.has(actKey(policy, claimKey))) this.#of(policy).add(claimKey);
  }

  /** How many acts the policy is to do. */
  count(policy: BreakerPolicy): number {
    return this.#of(policy).size;
  }

  countCertain(policy: BreakerPolicy): number {
    return this.count(policy) - this.uncertain(policy).length;
  }

  /** Where they run: of one sweep, its project. */
  projects(): string {
    return [...new Set([...this.#all.values()].map(({ job }) => job.projectId))].join(', ');
  }

  /** Those of the policy that nobody has looked at, in the order of their coming. */
  uncertain(policy: BreakerPolicy): readonly Suspect[] {
    return [...this.#of(policy)].flatMap((claimKey) => {
      const key = actKey(policy, claimKey);
      return this.#confirmed.has(key) || this.#admitted.has(key) ? [] : (this.#all.get(claimKey) ?? []);
    });
  }

  confirm(policy: BreakerPolicy, claimKey: string): void {
    this.#confirmed.add(actKey(policy, claimKey));
  }

  admit(policy: BreakerPolicy, claimKey: string): void {
    this.#admitted.add(actKey(policy, claimKey));
  }

  acquit(policy: BreakerPolicy, claimKey: string): void {
    this.#acquitted.add(actKey(policy, claimKey));
    this.#of(policy).delete(claimKey);
  }

  /** Whether an act of the policy would be another's, were its breaker open. */
  hasSuccessor(policy: BreakerPolicy): boolean {
    return [...this.#of(policy)].some((claimKey) => this.#next(policy, claimKey) !== undefined);
  }

  /** The policy's breaker is open: what calls for its acts too is to do them. */
  moveOn(policy: BreakerPolicy): void {
    for (const claimKey of this.#of(policy)) {
      const next = this.#next(policy, claimKey);
      if (next && !this.#admitted.has(actKey(policy, claimKey))) this.#of(next).add(claimKey);
    }
    this.#acts.delete(policy.name);
  }

  #next(policy: BreakerPolicy, claimKey: string): BreakerPolicy | undefined {
    const { policies = [] } = this.#all.get(claimKey) ?? {};
    const at = policies.findIndex(({ name }) => name === policy.name);
    return at < 0 ? undefined : policies[at + 1];
  }

  #of(policy: BreakerPolicy): Set<string> {
    const acts = this.#acts.get(policy.name) ?? new Set<string>();
    this.#acts.set(policy.name, acts);
    return acts;
  }
}

function actKey(policy: BreakerPolicy, claimKey: string): string {
  return JSON.stringify([policy.name, claimKey]);
}
