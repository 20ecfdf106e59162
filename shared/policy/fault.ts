/** One thing that is wrong, or likely not meant, in the owner's file. */
export interface Fault {
  /** A file with a `fault` is refused; a `warning` is told and the file is taken. */
  readonly severity: 'fault' | 'warning';
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  /** How many characters of the file it is about; 0 for the file as a whole. */
  readonly length: number;
  /** Names the thing, its value, and what follows. */
  readonly message: string;
  /** What stands there. */
  readonly value?: string;
  /** What could stand there instead. */
  readonly allowed?: string;
  /** What was probably meant. */
  readonly nearest?: string;
}

/** A stretch of the file: offsets into its text, the end not included. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

export type FaultDetails = Pick<Fault, 'value' | 'allowed' | 'nearest'>;

/** Gathers what is found, so that all of it is told at once. */
export class Faults {
  readonly #found: Fault[] = [];
  readonly #lineAt: (offset: number) => { readonly line: number; readonly column: number };

  constructor(lineAt: (offset: number) => { readonly line: number; readonly column: number }) {
    this.#lineAt = lineAt;
  }

  fault(place: Place, message: string, details: FaultDetails = {}): void {
    this.#add('fault', place, message, details);
  }

  warning(place: Place, message: string, details: FaultDetails = {}): void {
    this.#add('warning', place, message, details);
  }

  lineOf(place: Place): number {
    return this.#lineAt(place.start).line;
  }

  /** In the order of the file. */
  all(): readonly Fault[] {
    return this.#found.toSorted((a, b) => a.line - b.line || a.column - b.column);
  }

  #add(severity: Fault['severity'], { start, end }: Place, message: string, details: FaultDetails): void {
    this.#found.push({ severity, ...this.#lineAt(start), length: end - start, message, ...details });
  }
}
