import { holdsRefused } from '../alert/purge-alerts.ts';
import { LedgerUnavailableError } from '../ledger/errors.ts';
import { OwnerFileError } from '../owner-files/errors.ts';
import type { OwnerFile } from '../owner-files/owner-file.ts';
import { HoldsFileError } from '../policy/errors.ts';
import { type Holds, NO_HOLDS } from '../policy/holds/holds.ts';
import { readHolds } from '../policy/holds/read-holds.ts';
import { tellAlerts } from './outbox.ts';
import type { EnforcePorts } from './ports.ts';
import type { HoldsInForce } from './purge-ports.ts';

type HoldsPorts = Pick<EnforcePorts, 'clock' | 'ledger' | 'publisher' | 'log'>;

/**
 * The owner's file of legal holds, read anew each time it is asked: unlike policies no last good text stands in for one
 * that cannot be read, for a hold may just have been added to it. People are told once an hour.
 *
 * @param file undefined: no file is named, and nothing is on hold
 */
export function openHolds(file: OwnerFile | undefined, ports: HoldsPorts): HoldsInForce {
  return file === undefined ? { latest: async () => NO_HOLDS } : new HoldsReader(file, ports);
}

/** Whether an error says that nobody can tell what is on hold. */
export function isHoldsUnreadable(error: unknown): error is OwnerFileError | HoldsFileError {
  return error instanceof OwnerFileError || error instanceof HoldsFileError;
}

class HoldsReader implements HoldsInForce {
  readonly #file: OwnerFile;
  readonly #ports: HoldsPorts;
  /** What the last text gave: the same one is not read again, be it refused. */
  #seen: { readonly text: string; readonly holds: Holds | HoldsFileError } | undefined;

  constructor(file: OwnerFile, ports: HoldsPorts) {
    this.#file = file;
    this.#ports = ports;
  }

  async latest(): Promise<Holds> {
    try {
      const { text } = await this.#file.read();
      if (this.#seen?.text !== text) this.#seen = { text, holds: this.#parse(text) };
      const { holds } = this.#seen;
      if (holds instanceof HoldsFileError) throw holds;
      return holds;
    } catch (error) {
      if (isHoldsUnreadable(error)) await this.#tell(error);
      throw error;
    }
  }

  #parse(text: string): Holds | HoldsFileError {
    try {
      return readHolds(text, this.#file.describe());
    } catch (error) {
      if (error instanceof HoldsFileError) return error;
      throw error;
    }
  }

  /** Who cannot be told now is told when it is read next; nothing is purged in any case. */
  async #tell({ message }: Error): Promise<void> {
    const { clock, log } = this.#ports;
    log.error('holds file refused, nothing is purged', { file: this.#file.describe(), fault: message });
    try {
      await tellAlerts([holdsRefused(message, clock.now())], this.#ports);
    } catch (error) {
      if (!(error instanceof LedgerUnavailableError)) throw error;
      log.warning('the refusal of the holds file could not be alerted', { error });
    }
  }
}
