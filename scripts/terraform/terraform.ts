import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProviderSchema } from './provider-schema.schema.ts';
import { serveProvider } from './provider-server.ts';

/** How a command went. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real `terraform`, offline. */
export interface Terraform {
  /** Runs one command, such as `['validate']`, in a folder whose modules are installed first. */
  run(folder: string, args: readonly string[]): Promise<Ran>;
  close(): void;
}

/** The program `terraform` is not there. */
export class NoTerraformError extends Error {
  override readonly name = 'NoTerraformError';
  constructor() {
    super('no terraform on the PATH; expected 1.9 or later, from developer.hashicorp.com/terraform/install');
  }
}

/**
 * Opens the real `terraform` with a provider that knows only the schema in the file. It asks no registry and
 * no Google for anything, and leaves nothing in the folders.
 *
 * @param environment what the program inherits
 * @throws NoTerraformError
 */
export async function openTerraform(schemaFile: string, environment: NodeJS.ProcessEnv): Promise<Terraform> {
  const schema = ProviderSchema.parse(JSON.parse(readFileSync(schemaFile, 'utf8')));
  const provider = await serveProvider(schema);
  const data = mkdtempSync(join(tmpdir(), 'terraform-'));
  const close = (): void => {
    provider.close();
    rmSync(data, { recursive: true, force: true });
  };
  const env = {
    ...environment,
    CHECKPOINT_DISABLE: '1',
    // Nobody's own settings, such as a mirror of providers.
    TF_CLI_CONFIG_FILE: '/dev/null',
    TF_REATTACH_PROVIDERS: provider.reattach,
    TF_IN_AUTOMATION: '1',
  };
  const spawned = (folder: string, args: readonly string[], dataDir: string): Promise<Ran> =>
    spawnTerraform(folder, args, { ...env, TF_DATA_DIR: dataDir });
  const version = await spawned(tmpdir(), ['version'], data).catch(() => undefined);
  if (version?.code !== 0) {
    close();
    throw new NoTerraformError();
  }
  return {
    async run(folder, args) {
      const dataDir = mkdtempSync(join(data, 'run-'));
      const init = await spawned(folder, ['init', '-backend=false', '-no-color'], dataDir);
      return init.code === 0 ? spawned(folder, args, dataDir) : init;
    },
    close,
  };
}

function spawnTerraform(folder: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn('terraform', args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const out = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      out.stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, ...out }));
  });
}
