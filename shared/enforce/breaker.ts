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

/** From this many acts on, a sweep minds which part of the project's jobs it would stop. */
export const SHARE_FROM_ACTS = 5;

/** Lets an act through while the policy has a slot left, over the whole deployment. */
export function slotGate(ports: BreakerPorts): Gate {
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

/**
 * The gate of one sweep over one project: besides the slots, it counts the acts of this sweep per policy
 * and trips when they are more than the policy's share of the project's jobs.
 *
 * @param jobs how many jobs of the project are pending or running
 * @param further acts per policy that are called for besides those it is asked about
 */
export class SweepGate implements Gate {
  readonly #jobs: number;
  readonly #further: ReadonlyMap<string, number>;
  readonly #slots: Gate;
  readonly #ports: BreakerPorts;
  /** Claim keys per policy: those counted before the first act, and those that fell due since. */
  readonly #acts = new Map<string, Set<string>>();

  constructor(jobs: number, further: ReadonlyMap<string, number>, ports: BreakerPorts) {
    this.#jobs = jobs;
    this.#further = further;
    this.#slots = slotGate(ports);
    this.#ports = ports;
  }

  /** Counts an act that is about to be done. Call for all acts known before the first one is done. */
  expect(policy: BreakerPolicy, claimKey: string): void {
    const acts = this.#acts.get(policy.name) ?? new Set();
    this.#acts.set(policy.name, acts.add(claimKey));
  }

  async admit(policy: BreakerPolicy, claimKey: string, job: JobName): ReturnType<Gate['admit']> {
    this.expect(policy, claimKey);
    const acts = (this.#acts.get(policy.name)?.size ?? 0) + (this.#further.get(policy.name) ?? 0);
    if (acts >= SHARE_FROM_ACTS && acts > policy.breaker.share * this.#jobs) {
      const percent = Math.round(policy.breaker.share * 100);
      const why = `one sweep found ${acts} of the project's ${this.#jobs} pending and running jobs guilty, more than ${percent} %`;
      if (!(await this.#ports.ledger.breakerTrip({ verb: this.#ports.verb, policy: policy.name }))) {
        await trip(policy, why, this.#ports);
      }
      return 'open';
    }
    return this.#slots.admit(policy, claimKey, job);
  }
}

async function trip(policy: BreakerPolicy, why: string, ports: BreakerPorts): Promise<void> {
  const atMs = ports.clock.now();
  const row = toRow(breakerTripped(ports.verb, policy.name, why, atMs));
  const scope = { verb: ports.verb, policy: policy.name };
  if (!(await ports.ledger.tripBreaker(scope, { atMs, why }, row))) return;
  ports.log.error('breaker tripped', { policy: policy.name, why });
  await publishRows([row], ports);
}
