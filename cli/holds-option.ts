import { Option } from 'commander';
import { isHoldsUnreadable } from '../shared/enforce/open-holds.ts';
import type { HoldsInForce } from '../shared/enforce/purge-ports.ts';
import { OwnerFileMissing } from '../shared/owner-files/errors.ts';
import { openOwnerFile } from '../shared/owner-files/open-owner-file.ts';
import type { OwnerFile, OwnerText } from '../shared/owner-files/owner-file.ts';
import { type Holds, NO_HOLDS } from '../shared/policy/holds/holds.ts';
import { readHolds } from '../shared/policy/holds/read-holds.ts';
import { UsageError } from './errors.ts';
import type { Terminal } from './terminal.ts';

export interface HoldsOptions {
  readonly holds?: string;
}

/** `--holds`, of commands that edit the file or delete what is not on hold. */
export function holdsOption(): Option {
  return new Option(
    '--holds <file>',
    'the file of legal holds, a path or gs://BUCKET/OBJECT (default: what WATCHDOG_HOLDS says)',
  );
}

/** @throws UsageError when none is named */
export function neededHoldsAddress(options: HoldsOptions, terminal: Terminal): string {
  const address = addressOf(options, terminal);
  if (address !== '') return address;
  throw new UsageError('no file of holds is named: give --holds FILE, or set WATCHDOG_HOLDS');
}

/** Where a file that the owner keeps is reached, for reading and writing. */
export function ownerFileOptions({ clock, environment }: Terminal) {
  const emulatorHost = environment['STORAGE_EMULATOR_HOST'];
  return { clock, ...(emulatorHost && { emulatorHost }) };
}

/** Undefined: there is no such file. @throws OwnerFileError */
export async function readIfThere(file: OwnerFile): Promise<OwnerText | undefined> {
  try {
    return await file.read();
  } catch (error) {
    if (error instanceof OwnerFileMissing) return undefined;
    throw error;
  }
}

/**
 * What keeps a job from being deleted by this command, read anew each time. A person who names no file is told that
 * nothing is on hold: the functions may know of one.
 *
 * @throws OwnerFileAddressInvalid, BucketNameInvalid
 */
export function openHoldsOf(options: HoldsOptions, terminal: Terminal): HoldsInForce {
  const address = addressOf(options, terminal);
  if (address === '') {
    terminal.err(
      'warning: no file of legal holds is named (--holds, WATCHDOG_HOLDS), so nothing counts as on hold; name the one of your functions if they have one',
    );
    return { latest: async () => NO_HOLDS };
  }
  const file = openOwnerFile(address, ownerFileOptions(terminal));
  let seen: { readonly text: string; readonly holds: Holds } | undefined;
  return {
    latest: async () => {
      const { text } = await file.read();
      if (seen?.text !== text) seen = { text, holds: readHolds(text, file.describe()) };
      return seen.holds;
    },
  };
}

/** The same holds; why they cannot be read is told on stderr, once. */
export function tellingFaults(holds: HoldsInForce, { err, progress }: Terminal): HoldsInForce {
  let told: string | undefined;
  return {
    latest: async () => {
      try {
        return await holds.latest();
      } catch (error) {
        if (isHoldsUnreadable(error) && error.message !== told) {
          told = error.message;
          progress?.('');
          err(`error: ${told}`);
        }
        throw error;
      }
    },
  };
}

function addressOf({ holds }: HoldsOptions, { environment }: Terminal): string {
  if (holds?.trim() === '') throw new UsageError('--holds is empty: expected a path, or gs://BUCKET/OBJECT');
  return holds ?? environment['WATCHDOG_HOLDS'] ?? '';
}
