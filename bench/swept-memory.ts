import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SpawnedFunction, spawnFunction } from '../test/google/spawned-function.ts';
import { served } from '../test/simulator/served.ts';
import { pushBody } from '../test/watchdog.ts';
import { SWEEP_POLICIES, startJobs } from './sweep-jobs.ts';

const PROJECT = 'project-0';
/** The bounds of V8's heap that a function of 256 MiB is to be given: left to itself it lets garbage lie longer. */
export const HEAP_FLAGS = '--max-old-space-size=96 --max-semi-space-size=2';

const PRELOAD = join(import.meta.dirname, 'print-peak-memory.ts');

/**
 * The most memory that the function's process held, in MiB, from its start to the end of one sweep over a project
 * with so many running jobs. The real function under the framework and over HTTP, on real time; its ledger is in
 * memory and counts too.
 *
 * @throws MemoryNotMeasured
 */
export async function peakMebibytes(jobs: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'watchdog-bench-'));
  const { simulator, server, clock } = await served();
  let spawned: SpawnedFunction | undefined;
  try {
    const policies = join(folder, 'policies.yaml');
    writeFileSync(policies, SWEEP_POLICIES);
    startJobs(simulator, [PROJECT], { jobsPerProject: jobs, limit: 'runtime', nowMs: clock.now() });
    spawned = await spawnFunction({
      NODE_OPTIONS: `--import ${PRELOAD} ${HEAP_FLAGS}`,
      WATCHDOG_POLICIES: policies,
      WATCHDOG_LEDGER: 'sqlite::memory:',
      WATCHDOG_PROJECTS: PROJECT,
      WATCHDOG_BIGQUERY_ENDPOINT: server.address,
      CLOUD_RUN_TIMEOUT_SECONDS: '540',
    });
    const started = await spawned.ready;
    if (started !== 'serving') throw new MemoryNotMeasured(started, lastOf(spawned.output()));
    const body = JSON.stringify(pushBody({ sweep: { projectId: PROJECT } }));
    const answer = await statusOf(spawned.url, body).catch((error: Error) => error.message);
    if (!isSwept(spawned.output(), jobs)) throw new MemoryNotMeasured(answer, lastOf(spawned.output()));
    return await askPeak(spawned);
  } finally {
    spawned?.child.kill('SIGKILL');
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Posts, and waits for the answer for as long as it takes: `fetch` gives up after five minutes. */
function statusOf(url: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const posted = request(url, { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    posted.once('error', reject).end(body);
  });
}

async function askPeak({ child, output }: SpawnedFunction): Promise<number> {
  child.kill('SIGUSR2');
  for await (const _ of child.stdout ?? []) {
    const kibibytes = /^peak-memory-kib=(\d+)/m.exec(output())?.[1];
    if (kibibytes !== undefined) return Number(kibibytes) / 1_024;
  }
  throw new MemoryNotMeasured('no memory', lastOf(output()));
}

/**
 * Whether the sweep judged all jobs to the last page. On a busy machine the look at one of them may fail, which is
 * nacked and left to the next tick: that changes nothing about the memory.
 */
function isSwept(output: string, jobs: number): boolean {
  return new RegExp(`"jobs":${jobs},.*"complete":true,"message":"sweep done"`).test(output);
}

function lastOf(output: string): string {
  return output.slice(-2_000);
}

/** The function whose memory was to be measured did not sweep to the end. */
export class MemoryNotMeasured extends Error {
  override readonly name = 'MemoryNotMeasured';
  readonly answer: number | string;
  /** The end of what it printed. */
  readonly output: string;

  constructor(answer: number | string, output: string) {
    super(
      `the function did not sweep every job, and answered ${answer}; expected 204; it printed:\n${output}`,
    );
    this.answer = answer;
    this.output = output;
  }
}
