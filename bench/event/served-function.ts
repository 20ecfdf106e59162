import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { freePort } from '../../test/google/free-port.ts';

const ROOT = join(import.meta.dirname, '../..');
const BIN = join(ROOT, 'node_modules/.bin');
const TELL_CPU = join(import.meta.dirname, 'tell-cpu.ts');

/** A function in a process of its own, under the real framework. */
export interface ServedFunction {
  readonly port: number;
  /** Microseconds of CPU that its process used so far. */
  cpuMicros(): Promise<number>;
  stop(): void;
}

/** The function ended before it served. */
export class NotServedError extends Error {
  override readonly name = 'NotServedError';

  constructor(source: string, output: string) {
    super(`${source} did not serve under the functions framework; it printed:\n${output}`);
  }
}

/**
 * Starts what `source` registers, with these settings and no others.
 *
 * @param source relative to the repository
 * @throws NotServedError
 */
export async function serveFunction(
  source: string,
  settings: Readonly<Record<string, string>>,
): Promise<ServedFunction> {
  const port = await freePort();
  const child = spawn('functions-framework', [`--source=${source}`], {
    cwd: ROOT,
    env: {
      PATH: `${BIN}${delimiter}${process.env['PATH']}`,
      NODE_OPTIONS: `--import=${TELL_CPU}`,
      PORT: String(port),
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  await serving(child, source);
  return { port, cpuMicros: () => askCpu(child), stop: () => void child.kill('SIGKILL') };
}

async function serving(child: ChildProcess, source: string): Promise<void> {
  let output = '';
  const served = new Promise<boolean>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        // What it prints later is read, so that its pipe never fills, and dropped.
        if (output.length < 100_000) output += text;
        if (output.includes('URL: http')) resolve(true);
      });
    }
  });
  const ended = once(child, 'close').then(() => false);
  if (!(await Promise.race([served, ended]))) throw new NotServedError(source, output);
}

async function askCpu(child: ChildProcess): Promise<number> {
  const answer = once(child, 'message');
  child.send('cpu');
  const [micros] = await answer;
  return Number(micros);
}
