import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { runProgram } from '../../cli/program.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { seeded } from '../simulator/playground.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Setting {
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Without it, the machine's. */
  readonly clock?: Clock;
  /** Who sits at the terminal; without it, nobody. */
  readonly ask?: (question: string) => Promise<string>;
}

/** A folder for the files of one test file, gone when its tests have run. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bq-watchdog-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs `bq-watchdog` as `npx` does: the file itself, with the clone's own `node` first on the path. */
export function bqWatchdog(args: readonly string[], setting: Setting = {}): Promise<Ended> {
  return run(join(ROOT, 'cli/main.ts'), args, setting);
}

export const MACHINE: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, signal && { signal }),
};

/** The same without a process of its own, for tables of many cases. */
export async function bqWatchdogInside(
  args: readonly string[],
  { environment = {}, clock = MACHINE, ask }: Setting = {},
): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  const code = await runProgram(args, {
    clock,
    random: seeded(7),
    environment,
    user: undefined,
    ...(ask && { ask }),
    out: (text) => {
      stdout += `${text}\n`;
    },
    err: (text) => {
      stderr += `${text}\n`;
    },
  });
  return { code, stdout, stderr };
}

/** Runs a program to its end, whatever its exit code. */
export function run(
  program: string,
  args: readonly string[],
  { environment = {}, cwd = ROOT }: Setting = {},
): Promise<Ended> {
  const path = [join(ROOT, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
  const env = { PATH: path, HOME: process.env['HOME'], ...environment };
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, env }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}
