import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const PACKAGE = {
  dependencies: { zod: '1', '@google-cloud/bigquery': '1' },
  devDependencies: { vitest: '1' },
};

/** A repository of these files in a temporary folder, gone when the test has finished. */
export function repository(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'repository-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries({ 'package.json': JSON.stringify(PACKAGE), ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

export interface Ran {
  readonly code: number;
  /** Of its output, without the last line end. */
  readonly lines: readonly string[];
}

/** Runs one of the scripts to its end. */
export function runScript(
  name: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const script = join(ROOT, 'scripts', name);
    execFile(process.execPath, [script, ...args], { env: environment }, (error, stdout, stderr) => {
      if ((error && typeof error.code !== 'number') || stderr !== '') reject(error ?? new Error(stderr));
      else resolve({ code: Number(error?.code ?? 0), lines: stdout.trimEnd().split('\n') });
    });
  });
}
