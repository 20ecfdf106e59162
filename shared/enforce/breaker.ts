import { breakerTripped } from '../alert/system-alert.ts';
import type { JobName } from '../job/job-name.ts';
import type { BreakerSettings } from '../policy/policy.ts';
import { printDuration } from '../units/duration.ts';
import { publishRows, toRow } from './outbox.ts';
import type { EnforcePorts } from './ports.ts';

type BreakerPorts = Pick<EnforcePorts, 'clock' | 'ledger' | 'publisher' | 'log' | 'verb'>;

/** A policy of any verb, as far as its breaker goes. */
export interface BreakerPolicy {
  readonly name: string;
  readonly breaker: BreakerSettings;
}

/**
 * Asked before every act: the watchdog is given the power to stop production, and a policy that finds
 * everything guilty is more likely wrong than right (rule 8).
 */
export interface Gate {
  /**
   * `open`: the breaker is open, or this act tripped it; then nothing is done. `postponed`: nobody can tell yet,
   * and nothing is done before somebody can.
   */
  admit(policy: BreakerPolicy, claimKey: string, job: JobName): Promise<'admitted' | 'open' | 'postponed'>;
}

/** A gate that knows at once. */
export interface SlotGate extends Gate {
  admit(policy: BreakerPolicy, claimKey: string, job: JobName): Promise<'admitted' | 'open'>;
}

/** Lets an act through while the policy has a slot left, over the whole deployment. */
export function slotGate(ports: BreakerPorts): SlotGate {
  return {
    async admit(policy, claimKey) {
      const scope = { verb: ports.verb, policy: policy.name };
      if (await ports.ledger.breakerTrip(scope)) return 'open';
      const { acts, perMs } = policy.breaker;
      if ((await ports.ledger.takeSlot(scope, claimKey, acts, perMs)) === 'taken') return 'admitted';
      await trip(policy, `${acts} acts within ${printDuration(perMs)} are used up`, ports);
      return 'open';
    },
  };
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

  async admit(policy: BreakerPolicy, claimKey: string, job: JobName): Promise<'postponed'> {
    this.postpone(policy, claimKey, job);
    return 'postponed';
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
