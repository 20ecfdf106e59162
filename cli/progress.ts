import type { Terminal } from './terminal.ts';

const WIDTH = 20;

/** One line on a terminal that shows how far a command has come; nothing where nobody watches. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #total: number;
  #done = 0;

  /** @param total how many parts the work has */
  constructor(total: number, terminal: Terminal) {
    this.#total = total;
    this.#terminal = terminal;
  }

  /** Redraws the line. */
  show(text: string): void {
    const filled = Math.round((this.#done / this.#total) * WIDTH);
    const bar = `${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}`;
    this.#terminal.progress?.(`[${bar}] ${text}`);
  }

  /** One part more is done. */
  advance(text: string): void {
    this.#done++;
    this.show(text);
  }

  /** Takes the line away, so that something else can be printed. */
  clear(): void {
    this.#terminal.progress?.('');
  }
}
