import { breakerTripped } from '../alert/system-alert.ts';
import type { JobName } from '../job/job-name.ts';
import type { BreakerSettings, Policies } from '../policy/policy.ts';
import { printDuration } from '../units/duration.ts';
import { publishRows, toRow } from './outbox.ts';
import type { EnforcePorts } from './ports.ts';
import type { SecondLook } from './second-look.ts';

type BreakerPorts = Pick<EnforcePorts, 'clock' | 'ledger' | 'publisher' | 'log' | 'verb'>;

/** A policy of any verb, as far as its breaker goes. */
export interface BreakerPolicy {
  readonly name: string;
  readonly breaker: BreakerSettings;
}

/** An act that a nomination or a look calls for. */
export interface Ask {
  readonly claimKey: string;
  readonly job: JobName;
  readonly policy: BreakerPolicy;
  /** All that call for it, in the order of the file. */
  readonly line: readonly BreakerPolicy[];
  /** What the job was judged by. */
  readonly policies: Policies;
  /** Whether a look told it; anything else only nominates. */
  readonly looked: boolean;
}

/** `open`: the breaker is open, or this act tripped it; then nothing is done. */
export type TakeSlot = (policy: BreakerPolicy) => Promise<'taken' | 'open'>;

export type Admission =
  /** It may be claimed. Once a look under the claim finds the job guilty, it takes a slot, and is done. */
  | { readonly kind: 'admitted'; readonly takeSlot: TakeSlot }
  /** The breaker is open, or this act tripped it. */
  | { readonly kind: 'open' }
  /** Nobody can tell yet, and nothing is done before somebody can. */
  | { readonly kind: 'postponed' }
  /** A look that the breaker's weighing took has overtaken what the act was asked for on. */
  | { readonly kind: 'acquitted'; readonly look: SecondLook };

/**
 * Asked before every act: the watchdog is given the power to stop production, and a policy that finds
 * everything guilty is more likely wrong than right (rule 8).
 */
export interface Gate {
  admit(ask: Ask): Promise<Admission>;
}

/** Lets an act through while the policy has a slot left, over the whole deployment. */
export function slotGate(ports: BreakerPorts): Gate {
  return {
    admit: async ({ policy, claimKey }) =>
      (await isOpen(policy, ports))
        ? { kind: 'open' }
        : { kind: 'admitted', takeSlot: (now) => takeSlot(now, claimKey, ports) },
  };
}

/** Whether the policy's breaker is open. */
export async function isOpen(
  { name: policy }: Pick<BreakerPolicy, 'name'>,
  { ledger, verb }: Pick<BreakerPorts, 'ledger' | 'verb'>,
): Promise<boolean> {
  return (await ledger.breakerTrip({ verb, policy })) !== undefined;
}

/**
 * A slot for an act that is done next; a claim that has one keeps it. None is taken for what was not looked at: a
 * stale list or failing looks would use them up, and trip the breaker though nothing was done.
 */
export async function takeSlot(
  policy: BreakerPolicy,
  claimKey: string,
  ports: BreakerPorts,
): Promise<'taken' | 'open'> {
  if (await isOpen(policy, ports)) return 'open';
  const scope = { verb: ports.verb, policy: policy.name };
  const { acts, perMs } = policy.breaker;
  if ((await ports.ledger.takeSlot(scope, claimKey, acts, perMs)) === 'taken') return 'taken';
  await trip(policy, `${acts} acts within ${printDuration(perMs)} are used up`, ports);
  return 'open';
}

export interface PostponedAct {
  readonly policy: string;
  readonly job: JobName;
}

/**
 * The gate while only a part of a project's list is known: which share of all jobs the acts are, the last page
 * tells. It lets nothing through, and notes what asked.
 */
export class PartGate implements Gate {
  /** By claim key: what waits for the last page. */
  readonly postponed = new Map<string, PostponedAct>();

  postpone(policy: BreakerPolicy, claimKey: string, job: JobName): void {
    this.postponed.set(claimKey, { policy: policy.name, job });
  }

  async admit({ policy, claimKey, job }: Ask): Promise<Admission> {
    this.postpone(policy, claimKey, job);
    return { kind: 'postponed' };
  }
}

/** Opens the breaker of a policy, and tells people why. Does nothing when it is open. */
export async function trip(policy: BreakerPolicy, why: string, ports: BreakerPorts): Promise<void> {
  const atMs = ports.clock.now();
  const row = toRow(breakerTripped(ports.verb, policy.name, why, atMs));
  const scope = { verb: ports.verb, policy: policy.name };
  if (!(await ports.ledger.tripBreaker(scope, { atMs, why }, row))) return;
  ports.log.error('breaker tripped', { policy: policy.name, why });
  await publishRows([row], ports);
}
