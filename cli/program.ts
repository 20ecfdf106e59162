import { Command, CommanderError } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { type Format, failureEntry, type JsonShape, type Run } from './command.ts';
import { ALL_COMMANDS } from './commands/all-commands.ts';
import { adviceOf, exitCodeOf } from './errors.ts';
import { type ExitCode, FINDINGS, FINE, type Terminal, USAGE } from './terminal.ts';

/**
 * Runs `bq-watchdog` with these arguments (without program and script).
 *
 * @throws whatever was not foreseen
 */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = FINE;
  const run: Run = async (format, work, shape = 'value') => {
    code = await work(terminal).catch((error: unknown) => tellError(error, format, shape, terminal));
  };
  try {
    await programOf(terminal, run).parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    // Commander has printed its message itself; asking for help is no misuse.
    if (error instanceof CommanderError) return error.exitCode === 0 ? FINE : USAGE;
    throw error;
  }
}

function tellError(error: unknown, format: Format, shape: JsonShape, terminal: Terminal): ExitCode {
  if (!(error instanceof Error)) throw error;
  const code = exitCodeOf(error);
  if (code === undefined) throw error;
  const advice = adviceOf(error);
  terminal.err(advice === undefined ? `error: ${error.message}` : `error: ${error.message}\n${advice}`);
  if (format === 'json' && code === FINDINGS) {
    const failure = failureEntry(error);
    terminal.out(shape === 'list' ? JSON.stringify([failure]) : JSON.stringify(failure, undefined, 2));
  }
  return code;
}

function programOf(terminal: Terminal, run: Run): Command {
  const program = new Command('bq-watchdog')
    .description('Checks policies of the BigQuery Job Watchdog, and shows what it did. See docs/cli.md.')
    .version(manifest.version)
    .helpCommand(false)
    // Commands copy these settings, so they come before the first.
    .exitOverride()
    .showHelpAfterError('(add --help to see what is expected)')
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
    });
  for (const define of ALL_COMMANDS) define(program, run);
  return program;
}
