import type { Terminal } from './terminal.ts';

/** One JSON array on stdout whose entries are printed as they come, each on a line of its own; the last one says how it ended. */
export class JsonList {
  readonly #terminal: Terminal;
  #count = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  add(entry: unknown): void {
    this.#terminal.out(`${this.#count === 0 ? '[' : ','}${JSON.stringify(entry)}`);
    this.#count++;
  }

  /** After the last entry, of which there must be one. */
  close(): void {
    this.#terminal.out(']');
  }
}
