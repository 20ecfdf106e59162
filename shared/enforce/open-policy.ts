import { createHash } from 'node:crypto';
import { policyRefused } from '../alert/system-alert.ts';
import { LedgerUnavailableError } from '../ledger/errors.ts';
import {
  OwnerFileForbidden,
  OwnerFileMissing,
  OwnerFileTooLarge,
  OwnerFileUnreadable,
} from '../owner-files/errors.ts';
import type { OwnerFile } from '../owner-files/owner-file.ts';
import { PolicyFileError } from '../policy/errors.ts';
import type { Policies } from '../policy/policy.ts';
import { readPolicies } from '../policy/read-policies.ts';
import { tellAlerts } from './outbox.ts';
import type { EnforcePorts, PolicyInForce } from './ports.ts';

type PolicyPorts = Pick<EnforcePorts, 'clock' | 'ledger' | 'publisher' | 'log' | 'verb'>;

/** There is no policy to serve: the file is broken, and no good text was ever stored. */
export class NoPolicyError extends Error {
  override readonly name = 'NoPolicyError';
}

const RECENT_MS = 5_000;

/**
 * Opens the owner's policy file. A broken or missing one is refused and alerted, and the last good text
 * that the ledger holds is served in its stead.
 *
 * @throws NoPolicyError when there is none either
 */
export async function openPolicy(file: OwnerFile, ports: PolicyPorts): Promise<PolicyInForce> {
  const reader = new PolicyReader(file, ports);
  await reader.open();
  return reader;
}

class PolicyReader implements PolicyInForce {
  readonly #file: OwnerFile;
  readonly #ports: PolicyPorts;
  #inForce: Policies | undefined;
  #readAtMs = Number.NEGATIVE_INFINITY;
  /** The file's generation at the last read, good or broken: an unchanged file is not compiled again. */
  #seenGeneration: string | undefined;

  constructor(file: OwnerFile, ports: PolicyPorts) {
    this.#file = file;
    this.#ports = ports;
  }

  async open(): Promise<void> {
    const refusal = await this.#read();
    if (this.#inForce) return;
    const good = await this.#ports.ledger.lastGoodPolicy();
    if (!good) {
      throw new NoPolicyError(
        `${this.#file.describe()} cannot be used and no good policy was ever stored to fall back on:\n${refusal ?? ''}`,
      );
    }
    this.#inForce = readPolicies(good.text, 'last good policy').policies;
    this.#ports.log.warning('serving the last good policy', {
      savedAt: new Date(good.savedAtMs).toISOString(),
    });
  }

  async latest(): Promise<Policies> {
    await this.#read();
    return this.#served();
  }

  async recent(): Promise<Policies> {
    const ageMs = this.#ports.clock.now() - this.#readAtMs;
    // A clock that jumped back must not keep an old policy in force.
    if (ageMs < 0 || ageMs > RECENT_MS) await this.#read();
    return this.#served();
  }

  #served(): Policies {
    if (!this.#inForce) throw new NoPolicyError('no policy is in force: open() has not finished');
    return this.#inForce;
  }

  /** Takes a good new text into force. Returns why a broken one was refused. */
  async #read(): Promise<string | undefined> {
    const { clock } = this.#ports;
    let text: string;
    try {
      const read = await this.#file.read();
      this.#readAtMs = clock.now();
      if (read.generation === this.#seenGeneration) return undefined;
      this.#seenGeneration = read.generation;
      text = read.text;
    } catch (error) {
      if (!isUnusable(error)) throw error;
      this.#readAtMs = clock.now();
      this.#seenGeneration = undefined;
      await this.#refuse(hash(error.message), error.message);
      return error.message;
    }
    return this.#take(text);
  }

  async #take(text: string): Promise<string | undefined> {
    try {
      const { policies, warnings } = readPolicies(text, this.#file.describe());
      this.#inForce = policies;
      for (const warning of warnings) this.#ports.log.warning('policy file warning', { warning });
      this.#ports.log.notice('policy in force', { generation: policies.generation });
      await this.#keep(text);
      return undefined;
    } catch (error) {
      if (!(error instanceof PolicyFileError)) throw error;
      await this.#refuse(hash(text), error.faults.map((fault) => fault.message).join('; '));
      return error.message;
    }
  }

  /** The file itself is good, so an unreachable ledger keeps nobody from serving it: acts need the ledger anyway. */
  async #keep(text: string): Promise<void> {
    try {
      await this.#ports.ledger.savePolicy(text);
    } catch (error) {
      if (!(error instanceof LedgerUnavailableError)) throw error;
      this.#seenGeneration = undefined;
      this.#ports.log.warning('the good policy could not be stored', { error });
    }
  }

  async #refuse(generation: string, fault: string): Promise<void> {
    const { verb, clock, log } = this.#ports;
    log.error('policy file refused', { file: this.#file.describe(), fault });
    try {
      await tellAlerts([policyRefused(verb, generation, fault, clock.now())], this.#ports);
    } catch (error) {
      if (!(error instanceof LedgerUnavailableError)) throw error;
      this.#seenGeneration = undefined;
      log.warning('the refusal of the policy file could not be alerted', { error });
    }
  }
}

/** The file is not what it should be; any other failure leaves open what it is, so nothing is done on it. */
function isUnusable(error: unknown): error is Error {
  return [OwnerFileMissing, OwnerFileForbidden, OwnerFileTooLarge, OwnerFileUnreadable].some(
    (kind) => error instanceof kind,
  );
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
