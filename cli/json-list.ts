import type { Terminal } from './terminal.ts';

/** One JSON array on stdout whose entries are printed as they come, each on a line of its own. */
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

  /** Nothing may be added after. */
  close(): void {
    this.#terminal.out(this.#count === 0 ? '[]' : ']');
  }
}
