import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BigQuery } from '@google-cloud/bigquery';
import { OAuth2Client } from 'google-auth-library';
import { expect } from 'vitest';
import type { Verb } from '../../shared/ledger/ledger.ts';
import { type SpawnedFunction, spawnFunction } from '../google/spawned-function.ts';
import { at } from '../simulator/playground.ts';
import { type Served, served } from '../simulator/served.ts';
import { jobAlerts, pushBody } from '../watchdog.ts';

/** What the owner wrote. */
export interface OwnersFiles {
  readonly policies: string;
  readonly holds?: string;
}

/** A function as `npm run function` has it, its ledger a file, its BigQuery a simulator on a port. */
export class ServedFunction {
  readonly #bigquery: Served;
  readonly #instance: SpawnedFunction;
  readonly #folder: string;
  /** Audit entries, as a sink would send them. */
  readonly #entries: { readonly jobId: string; readonly entry: unknown }[] = [];

  private constructor(bigquery: Served, instance: SpawnedFunction, folder: string) {
    this.#bigquery = bigquery;
    this.#instance = instance;
    this.#folder = folder;
    bigquery.simulator.onEntry((entry) => {
      const path = at(entry, 'protoPayload', 'resourceName');
      this.#entries.push({ jobId: String(path).split('/').at(-1) ?? '', entry });
    });
  }

  /** Whoever opens it closes it. */
  static async open(verb: Verb, { policies, holds }: OwnersFiles): Promise<ServedFunction> {
    const folder = mkdtempSync(join(tmpdir(), 'watchdog-'));
    writeFileSync(join(folder, 'policies.yaml'), policies);
    if (holds !== undefined) writeFileSync(join(folder, 'holds.yaml'), holds);
    const bigquery = await served();
    const instance = await spawnFunction({
      FUNCTION_TARGET: verb,
      WATCHDOG_POLICIES: join(folder, 'policies.yaml'),
      ...(holds !== undefined && { WATCHDOG_HOLDS: join(folder, 'holds.yaml') }),
      WATCHDOG_LEDGER: `sqlite:${join(folder, 'ledger.sqlite')}`,
      WATCHDOG_PROJECTS: 'my-project',
      WATCHDOG_TICK_SECONDS: '5',
      WATCHDOG_BIGQUERY_ENDPOINT: bigquery.server.address,
      WATCHDOG_IAM_ENDPOINT: bigquery.server.address,
    });
    expect(await instance.ready, instance.output()).toBe('serving');
    return new ServedFunction(bigquery, instance, folder);
  }

  async close(): Promise<void> {
    this.#instance.child.kill('SIGKILL');
    await this.#bigquery.server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get simulator(): Served['simulator'] {
    return this.#bigquery.simulator;
  }

  get clock(): Served['clock'] {
    return this.#bigquery.clock;
  }

  /** Where its BigQuery is. */
  get address(): string {
    return this.#bigquery.server.address;
  }

  /** Everything it printed so far. */
  output(): string {
    return this.#instance.output();
  }

  /** Resolves to the status that the message is answered with. */
  async push(content: unknown): Promise<number> {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(pushBody(content));
    return (await fetch(this.#instance.url, { method: 'POST', headers, body })).status;
  }

  sweep(): Promise<number> {
    return this.push({ sweep: { projectId: 'my-project' } });
  }

  /** The last entry of a job, once it is DONE. */
  async endOf(jobId: string): Promise<unknown> {
    const last = () => this.#entries.findLast((told) => told.jobId === jobId && isEnd(told.entry));
    await expect.poll(() => last() !== undefined, { timeout: 20_000 }).toBe(true);
    return last()?.entry;
  }

  isThere(jobId: string): boolean {
    return this.simulator.truth({ projectId: 'my-project', location: 'US', jobId }) !== undefined;
  }

  /** The steps told of a job, in order. */
  stepsOf(jobId: string): string[] {
    const lines = this.output()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    const alerts = lines.map((line) => JSON.parse(line)).flatMap(({ alert }) => (alert ? [alert] : []));
    return jobAlerts(alerts).flatMap(({ data }) => (data.job.jobId === jobId ? [data.step] : []));
  }

  /** The metadata of a job, as Google's own client gets it. */
  async metadataOf(jobId: string): Promise<unknown> {
    const authClient = new OAuth2Client();
    authClient.setCredentials({ access_token: 'x' });
    const client = new BigQuery({ projectId: 'my-project', apiEndpoint: this.address, authClient });
    const [metadata] = await client.job(jobId, { location: 'US' }).getMetadata();
    return metadata;
  }
}

const isEnd = (entry: unknown) => at(entry, 'protoPayload', 'metadata', 'jobChange', 'after') === 'DONE';
