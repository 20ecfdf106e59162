import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { loadJobsFile, UnplayableFile } from './jobs-file.ts';
import { serve } from './server.ts';
import { Simulator } from './simulator.ts';
import { WallClock } from './wall-clock.ts';

interface Flags {
  readonly port: number;
  readonly jobs?: string;
  readonly speed: number;
  readonly slots: number;
}

/** What ends the program with exit code 2 and its message as one line. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('It must be a port: 0 to 65535.');
  return port;
}

function speedOf(text: string): number {
  const speed = Number(text);
  if (!(speed > 0 && Number.isFinite(speed))) throw new InvalidArgumentError('It must be a number above 0.');
  return speed;
}

function slotsOf(text: string): number {
  const slots = Number(text);
  if (!(slots >= 0 && Number.isFinite(slots)))
    throw new InvalidArgumentError('It must be a number from 0 on.');
  return slots;
}

function flagsOf(argv: readonly string[]): Flags {
  const command = new Command('simulator')
    .description('A BigQuery jobs API on this machine, for real clients. See docs/simulator.md.')
    .requiredOption('--port <port>', 'where to listen on 127.0.0.1; 0 picks a free port', portOf)
    .option('--jobs <file>', 'one Job resource a line, as jobs.get gives it')
    .option('--speed <factor>', 'how much faster than life time runs', speedOf, 1)
    .option('--slots <n>', 'how many slots each RUNNING job of the file goes on using', slotsOf, 0)
    .allowExcessArguments(false)
    .exitOverride();
  return command.parse(argv).opts<Flags>();
}

async function main(): Promise<void> {
  // npm starts scripts in the package's folder; a FILE is meant from where the person is.
  process.chdir(process.env['INIT_CWD'] ?? '.');
  const flags = flagsOf(process.argv);
  const monotonicNow = (): number => performance.now();
  const clock = new WallClock({ startMs: Date.now(), speed: flags.speed, monotonicNow });
  const simulator = new Simulator({ clock, random: Math.random });
  if (flags.jobs !== undefined) {
    loadJobsFile(flags.jobs, (resource) => simulator.load(resource, { slots: flags.slots }));
  }
  const server = await serve({ simulator, clock, port: flags.port }).catch((error: unknown) => {
    throw new UsageError(
      `cannot listen on port ${flags.port}: ${error instanceof Error ? error.message : error}`,
    );
  });
  process.stdout.write(`${JSON.stringify({ address: server.address, port: server.port })}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void server.close().then(() => process.exit(0)));
  }
}

main().catch((error: unknown) => {
  // Commander has printed its own line already.
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2);
  if (!(error instanceof UsageError || error instanceof UnplayableFile)) throw error;
  process.stderr.write(`simulator: ${error.message}\n`);
  process.exit(2);
});
