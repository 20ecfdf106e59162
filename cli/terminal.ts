import type { Clock } from '../shared/ports/clock.ts';
import type { Random } from '../shared/ports/random.ts';

/** What a command is given of the machine it runs on. */
export interface Terminal {
  readonly clock: Clock;
  readonly random: Random;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Who the operating system says runs the command; undefined where it has no name for them. */
  readonly user: string | undefined;
  /** One line or more of the result, without the last line end. */
  out(text: string): void;
  /** What is no result: errors and advice. */
  err(text: string): void;
  /** Overwrites the line that shows how far a command has come; absent where nobody watches it. */
  readonly progress?: (line: string) => void;
  /** Puts a question to whoever sits there, and resolves to their line; absent where nobody can answer. */
  readonly ask?: (question: string) => Promise<string>;
}

/** How a command ended (design, section 7): with nothing to say, with findings or a failure, or misused. */
export const FINE = 0;
export const FINDINGS = 1;
export const USAGE = 2;

export type ExitCode = typeof FINE | typeof FINDINGS | typeof USAGE;
