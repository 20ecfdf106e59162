import type { WriteStream } from 'node:tty';

const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
const CLEAR_TO_LINE_END = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';
const up = (lines: number): string => `\x1b[${lines}A`;

/** Draws lines over those drawn before. */
export class Terminal {
  readonly #stream: WriteStream;
  #height = 0;

  constructor(stream: WriteStream) {
    this.#stream = stream;
    // What was drawn has been wrapped anew: nobody knows how high it stands.
    stream.on('resize', () => {
      if (this.#height > 0) stream.write('\x1b[2J\x1b[H');
      this.#height = 0;
    });
  }

  size(): { readonly columns: number; readonly rows: number } {
    return { columns: this.#stream.columns || 80, rows: this.#stream.rows || 24 };
  }

  open(): void {
    this.#stream.write(HIDE_CURSOR);
    // Also when the process ends by a fault.
    process.once('exit', () => this.#stream.write(SHOW_CURSOR));
  }

  /** No line may be wider than the terminal, nor all of them higher. */
  draw(lines: readonly string[]): void {
    const back = this.#height > 0 ? `\r${up(this.#height)}` : '';
    this.#stream.write(back + lines.map((line) => `${line}${CLEAR_TO_LINE_END}\n`).join('') + CLEAR_BELOW);
    this.#height = lines.length;
  }

  write(text: string): void {
    this.#stream.write(text);
  }

  close(): void {
    this.#stream.write(SHOW_CURSOR);
  }
}
