import { createHash } from 'node:crypto';
import { policyRefused } from '../alert/system-alert.ts';
import { LedgerUnavailableError } from '../ledger/errors.ts';
import { OwnerFileError, OwnerFileUnavailable } from '../owner-files/errors.ts';
import type { OwnerFile } from '../owner-files/owner-file.ts';
import { PolicyFileError } from '../policy/errors.ts';
import type { Policies } from '../policy/policy.ts';
import { readPolicies } from '../policy/read-policies.ts';
import type { Soon } from '../ports/soon.ts';
import { NoPolicyError } from './errors.ts';
import { tellAlerts } from './outbox.ts';
import type { EnforcePorts, PolicyInForce } from './ports.ts';
import { type FilePolicies, stoppable } from './stopped-policies.ts';

type PolicyPorts = Pick<EnforcePorts, 'clock' | 'ledger' | 'publisher' | 'log' | 'verb'>;

const RECENT_MS = 5_000;

/**
 * Opens the owner's policy file. A broken or missing one is refused and alerted, and the last good text
 * that the ledger holds is served in its stead. While a person has stopped all acts, every policy only observes.
 *
 * @throws NoPolicyError when there is none either
 */
export async function openPolicy(file: OwnerFile, ports: PolicyPorts): Promise<PolicyInForce> {
  const reader = new PolicyReader(file, ports);
  await reader.open();
  return stoppable(reader, ports);
}

class PolicyReader implements FilePolicies {
  readonly #file: OwnerFile;
  readonly #ports: PolicyPorts;
  #inForce: Policies | undefined;
  #readAtMs = Number.NEGATIVE_INFINITY;
  /** Reads may overtake each other: none that began earlier puts its text in place of what a later one told. */
  #begun = 0;
  #told = 0;
  /** The file's generation at the last read, good or broken: an unchanged file is not compiled again. */
  #seenGeneration: string | undefined;
  /** Since when the file has been refused, as the ledger has it: the same for every instance. */
  #refusedSinceMs: number | undefined;

  constructor(file: OwnerFile, ports: PolicyPorts) {
    this.#file = file;
    this.#ports = ports;
  }

  async open(): Promise<void> {
    const refusal = await this.#read();
    if (!refusal) return;
    const good = await this.#ports.ledger.lastGoodPolicy(this.#ports.verb);
    if (!good) {
      throw new NoPolicyError(
        `no good policy was ever stored to fall back on, and this one is refused:\n${refusal.report}`,
      );
    }
    this.#inForce = readPolicies(good.text, 'last good policy').policies;
    this.#ports.log.warning('serving the last good policy', {
      savedAt: new Date(good.savedAtMs).toISOString(),
    });
    await this.#tell(refusal);
  }

  async latest(): Promise<Policies> {
    return this.#refresh();
  }

  recent(): Soon<Policies> {
    const ageMs = this.#ports.clock.now() - this.#readAtMs;
    // A clock that jumped back must not keep an old policy in force.
    if (this.#inForce && ageMs >= 0 && ageMs <= RECENT_MS) return this.#inForce;
    return this.#refresh();
  }

  async #refresh(): Promise<Policies> {
    const refusal = await this.#read();
    if (refusal) await this.#tell(refusal);
    if (!this.#inForce) throw new NoPolicyError('no policy is in force: open() has not finished');
    return this.#inForce;
  }

  /** Takes a good new text into force. Resolves to why a new one was refused. */
  async #read(): Promise<Refusal | undefined> {
    const { clock } = this.#ports;
    const turn = ++this.#begun;
    try {
      const { text, generation } = await this.#file.read();
      if (turn < this.#told) return undefined;
      this.#told = turn;
      this.#readAtMs = clock.now();
      if (generation === this.#seenGeneration) return undefined;
      this.#seenGeneration = generation;
      return await this.#take(text);
    } catch (error) {
      // Whoever keeps the file does not answer: it is open what it says, so nothing is done on it.
      if (!(error instanceof OwnerFileError) || error instanceof OwnerFileUnavailable) throw error;
      if (turn < this.#told) return undefined;
      this.#told = turn;
      this.#readAtMs = clock.now();
      this.#seenGeneration = undefined;
      return { generation: hash(error.message), summary: error.message, report: error.message };
    }
  }

  async #take(text: string): Promise<Refusal | undefined> {
    try {
      const { policies, warnings } = readPolicies(text, this.#file.describe());
      // The same text under a new generation is the same policy: what was judged by it still holds.
      if (policies.generation !== this.#inForce?.generation) {
        this.#inForce = policies;
        for (const warning of warnings) this.#ports.log.warning('policy file warning', { warning });
        this.#ports.log.notice('policy in force', { generation: policies.generation });
      }
    } catch (error) {
      if (!(error instanceof PolicyFileError)) throw error;
      return { generation: hash(text), summary: error.message, report: error.report };
    }
    await this.#keep(text);
    return undefined;
  }

  /** The file itself is good, so an unreachable ledger keeps nobody from serving it: acts need the ledger anyway. */
  async #keep(text: string): Promise<void> {
    try {
      await this.#ports.ledger.savePolicy(this.#ports.verb, text);
      this.#refusedSinceMs = undefined;
    } catch (error) {
      if (!(error instanceof LedgerUnavailableError)) throw error;
      this.#seenGeneration = undefined;
      this.#ports.log.warning('the good policy could not be stored', { error });
    }
  }

  /** People are told that the good text stays in force. */
  async #tell({ generation, summary }: Refusal): Promise<void> {
    const { verb, clock, ledger, log } = this.#ports;
    log.error('policy file refused', { file: this.#file.describe(), fault: summary });
    try {
      this.#refusedSinceMs ??= await ledger.noteRefusedPolicy(verb);
      const refused = { generation, sinceMs: this.#refusedSinceMs, fault: summary };
      await tellAlerts([policyRefused(verb, refused, clock.now())], this.#ports);
    } catch (error) {
      if (!(error instanceof LedgerUnavailableError)) throw error;
      this.#seenGeneration = undefined;
      log.warning('the refusal of the policy file could not be alerted', { error });
    }
  }
}

/** Why a text of the file, or the file itself, is not taken into force. */
interface Refusal {
  readonly generation: string;
  /** The first fault, with its place, and how many more there are. */
  readonly summary: string;
  /** Everything that is wrong, for a person who reads it on a terminal. */
  readonly report: string;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
