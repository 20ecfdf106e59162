import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../demo/main.ts', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm start` without npm. `process.execPath` is the Node that npm scripts run on. */
export class DemoProcess {
  readonly #child: ChildProcess;
  readonly #out: string[] = [];
  readonly #err: string[] = [];
  readonly #ended: Promise<Ended>;

  constructor(args: readonly string[]) {
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#out.push(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.#err.push(text));
    this.#child = child;
    this.#ended = once(child, 'close').then(() => ({
      code: child.exitCode,
      stdout: this.#out.join(''),
      stderr: this.#err.join(''),
    }));
  }

  ended(): Promise<Ended> {
    return this.#ended;
  }

  /** Resolves once stdout has a line that holds `text`. */
  async printed(text: string): Promise<void> {
    const { stdout } = this.#child;
    if (stdout === null) throw new Error('stdout is not piped');
    for await (const line of createInterface({ input: stdout })) if (line.includes(text)) return;
    throw new Error(`stdout ended without a line that holds "${text}"`);
  }

  interrupt(): void {
    this.#child.kill('SIGINT');
  }
}

export function demo(...args: readonly string[]): Promise<Ended> {
  return new DemoProcess(args).ended();
}
