import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface BqResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const ROOTS = [
  process.env['CLOUDSDK_ROOT_DIR'],
  '/usr/lib/google-cloud-sdk',
  '/google-cloud-sdk',
  '/opt/google-cloud-sdk',
];

/** Where the Google Cloud SDK with bq is, if it is. */
export function findSdk(): string | undefined {
  return ROOTS.find((root) => root !== undefined && existsSync(join(root, 'platform/bq/bq.py')));
}

/** The real bq, without an account and without a network but for the address given. */
export class RealBq {
  readonly #sdk: string;
  readonly #address: string;
  readonly #configuration = mkdtempSync(join(tmpdir(), 'real-bq-'));

  constructor(sdk: string, address: string) {
    this.#sdk = sdk;
    this.#address = address;
  }

  run(...command: readonly string[]): Promise<BqResult> {
    return this.answering('', ...command);
  }

  /** The same, with what a person types at its questions. */
  answering(typed: string, ...command: readonly string[]): Promise<BqResult> {
    const bundled = join(this.#sdk, 'platform/bundledpythonunix/bin/python3');
    const flags = [
      join(this.#sdk, 'platform/bq/bq.py'),
      '--api',
      this.#address,
      '--oauth_access_token=x',
      '--project_id=myproject',
      '--bigqueryrc=/dev/null',
      `--discovery_file=${join(this.#sdk, 'platform/bq/discovery_next/bigquery.json')}`,
    ];
    const env = {
      ...process.env,
      CLOUDSDK_CONFIG: this.#configuration,
      TZ: 'UTC',
      CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    };
    return new Promise((resolve, reject) => {
      const child = spawn(existsSync(bundled) ? bundled : 'python3', [...flags, ...command], { env });
      child.stdin.on('error', reject);
      child.stdin.end(typed);
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk) => {
        stdout += chunk;
      });
      child.stderr.on('data', (chunk) => {
        stderr += chunk;
      });
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, stdout, stderr }));
    });
  }

  dispose(): void {
    rmSync(this.#configuration, { recursive: true, force: true });
  }
}
