import type { Fault } from './fault.ts';
import { faultLine, formatFaults } from './format-faults.ts';

/**
 * An owner's file is refused. `faults` holds everything that was found, warnings too, in the order of the
 * file; the message tells the first fault and how many more there are; `report` is all of it, for a person.
 */
export abstract class RefusedFileError extends Error {
  readonly fileName: string;
  readonly faults: readonly Fault[];
  readonly report: string;

  constructor(text: string, fileName: string, faults: readonly Fault[]) {
    const refusing = faults.filter(({ severity }) => severity === 'fault');
    const first = refusing[0];
    const more = refusing.length > 1 ? ` (and ${refusing.length - 1} more)` : '';
    super(first === undefined ? `${fileName} is refused` : `${faultLine(fileName, first)}${more}`);
    this.fileName = fileName;
    this.faults = faults;
    this.report = formatFaults(text, fileName, faults);
  }
}

/** The policy file is refused. */
export class PolicyFileError extends RefusedFileError {
  override readonly name = 'PolicyFileError';
}

/** The file of legal holds is refused. */
export class HoldsFileError extends RefusedFileError {
  override readonly name = 'HoldsFileError';
}
