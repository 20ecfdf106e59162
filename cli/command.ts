import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ExitCode, Terminal } from './terminal.ts';

/**
 * What a command prints as JSON: one value, or an array whose entries come one by one. A failure of the whole command is
 * `{"error": …}` in place of the one, and an entry of the other.
 */
export type JsonShape = 'value' | 'list';

/**
 * Runs what a command does, and keeps its exit code. Handed to every command by the program.
 *
 * @param shape `value` without it
 */
export type Run = (
  format: Format,
  work: (terminal: Terminal) => Promise<ExitCode>,
  shape?: JsonShape,
) => Promise<void>;

/** Adds one command to the program. */
export type DefineCommand = (program: Command, run: Run) => void;

export type Format = 'text' | 'json';

export interface FormatOptions {
  readonly format: Format;
}

/** `--format`, which every command has. */
export function formatOption(): Option {
  return new Option('--format <format>', 'text for people; json for programs: one JSON value on stdout')
    .choices(['text', 'json'])
    .default('text');
}

/** Prints the result in the form that was asked for. `text` is made only when it is. */
export function printResult(terminal: Terminal, format: Format, result: unknown, text: () => string): void {
  terminal.out(format === 'json' ? JSON.stringify(result, undefined, 2) : text());
}

/** A failure as JSON has it. */
export function failureEntry({ name, message }: Error) {
  return { error: { name, message } };
}

/** Turns a parser's error into one that commander reports with the option's name. */
export function asArgument<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw error instanceof Error ? new InvalidArgumentError(error.message) : error;
    }
  };
}
