import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { freePort } from './free-port.ts';

const ROOT = join(import.meta.dirname, '../..');
const BIN = join(ROOT, 'node_modules/.bin');

export interface SpawnedFunction {
  readonly child: ChildProcess;
  /** Where Pub/Sub pushes to. */
  readonly url: string;
  /** Everything it printed so far. */
  output(): string;
  /** Resolves when the port is open; to its exit code when it ends instead. */
  readonly ready: Promise<'serving' | number>;
}

/** `npm run function` as a process of its own: the real framework, with these settings and no others. */
export async function spawnFunction(settings: Readonly<Record<string, string>>): Promise<SpawnedFunction> {
  const port = await freePort();
  const env = {
    PATH: `${BIN}${delimiter}${process.env['PATH']}`,
    FUNCTION_TARGET: 'cancel',
    PORT: String(port),
    ...settings,
  };
  const child = spawn('functions-framework', ['--source=functions/index.ts'], { cwd: ROOT, env });
  let output = '';
  const serving = new Promise<'serving'>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.includes('URL: http')) resolve('serving');
      });
    }
  });
  const exited = once(child, 'close').then(([code]) => Number(code));
  return {
    child,
    url: `http://127.0.0.1:${port}/projects/p/topics/t`,
    output: () => output,
    ready: Promise.race([serving, exited]),
  };
}
