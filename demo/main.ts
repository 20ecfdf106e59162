import { CommanderError } from 'commander';
import { describeFatal } from '../functions/log.ts';
import { machine } from '../functions/machine.ts';
import { openOwnerFile } from '../shared/owner-files/open-owner-file.ts';
import { PolicyFileError } from '../shared/policy/errors.ts';
import { formatFaults } from '../shared/policy/format-faults.ts';
import { readPolicies } from '../shared/policy/read-policies.ts';
import { type Flags, readFlags } from './flags.ts';
import { jsonView } from './json-view.ts';
import { LiveView } from './live-view.ts';
import { paintFor } from './paint.ts';
import { plainView } from './plain-view.ts';
import { formatSummary } from './summary.ts';
import { Terminal } from './terminal.ts';
import type { View } from './view.ts';

const { stdout, stderr } = process;

// npm starts scripts in the package's folder; a FILE is meant from where the person is.
process.chdir(process.env['INIT_CWD'] ?? '.');

try {
  const flags = readFlags(process.argv);
  await checkPolicies(flags.policies);
  // Loaded after the checks, so that what is wrong is told at once.
  const { run } = await import('./run.ts');
  const view = viewFor(flags);
  view.closed(formatSummary(await run(flags, view, stopSignal())));
  leave(0);
} catch (error) {
  // Commander has printed its own line already.
  if (error instanceof CommanderError) leave(error.exitCode === 0 ? 0 : 2);
  else {
    stderr.write(`${error instanceof PolicyFileError ? error.report : describeFatal(error)}\n`);
    leave(1);
  }
}

/** A broken file is told whole, and before anything starts; so is what a good one is warned of. */
async function checkPolicies(path: string): Promise<void> {
  const { text } = await openOwnerFile(path, { clock: machine.clock, settleMs: 0 }).read();
  const { warnings } = readPolicies(text, path);
  if (warnings.length > 0) stderr.write(`${formatFaults(text, path, warnings)}\n`);
}

function viewFor(flags: Flags): View {
  const write = (text: string): void => void stdout.write(text);
  if (flags.json) return jsonView(write, (text) => void stderr.write(text));
  if (!stdout.isTTY || process.env['TERM'] === 'dumb') return plainView(write);
  return new LiveView(new Terminal(stdout), paintFor(stdout));
}

/**
 * Aborts at Ctrl-C, and when nobody reads any more. One Ctrl-C may come as two signals, from the terminal and
 * from npm, so those after the first change nothing.
 */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort());
  stdout.on('error', () => stop.abort());
  return stop.signal;
}

/** Work may still be waiting on the simulated clock: it is not waited for, but all output is. */
function leave(code: number): void {
  process.exitCode = code;
  stdout.write('', () => stderr.write('', () => process.exit()));
}
