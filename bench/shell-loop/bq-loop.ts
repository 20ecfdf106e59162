import * as z from 'zod';
import { RealBq } from '../../test/simulator/real-bq.ts';
import { PROJECT, type Scene } from './scene.ts';

const LIMIT_MS = 30 * 60_000;

/** A line of `bq ls -j --format=json`. */
const Listed = z.array(
  z.object({
    jobReference: z.object({ jobId: z.string() }),
    statistics: z.object({ startTime: z.coerce.number() }),
    state: z.string(),
  }),
);
type Listed = z.infer<typeof Listed>;

/** A command of the loop failed. */
export class BqFailedError extends Error {
  override readonly name = 'BqFailedError';

  constructor(command: string, code: number | null, stderr: string) {
    super(`bq ${command} ended with code ${code}, expected 0; it printed: ${stderr}`);
  }
}

/** What the loop took: the list once, and each of the offenders that were handled. */
export interface LoopTimes {
  readonly listMs: number;
  readonly perOffenderMs: number;
}

/**
 * The shell loop of today: `bq ls -j -a`, then `bq show` and `bq cancel` for each job that has run for too
 * long. Only the first few offenders are handled; each takes the same two commands.
 *
 * @throws BqFailedError
 */
export async function bqLoop(sdk: string, scene: Scene, jobs: number, sample: number): Promise<LoopTimes> {
  const bq = new RealBq(sdk, scene.address);
  try {
    const began = performance.now();
    const printed = await run(bq, ['ls', '-j', '-a', '-n', String(jobs), '--format=json', PROJECT]);
    const offenders = offendersOf(Listed.parse(JSON.parse(printed))).slice(0, sample);
    const listed = performance.now();
    for (const id of offenders) {
      await run(bq, ['show', '-j', '--format=json', id]);
      await run(bq, ['cancel', id]);
    }
    return { listMs: listed - began, perOffenderMs: (performance.now() - listed) / offenders.length };
  } finally {
    bq.dispose();
  }
}

function offendersOf(listed: Listed): readonly string[] {
  const nowMs = Date.now();
  return listed
    .filter(({ state, statistics }) => state === 'RUNNING' && nowMs - statistics.startTime > LIMIT_MS)
    .map(({ jobReference }) => jobReference.jobId);
}

async function run(bq: RealBq, command: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await bq.run(...command);
  if (code !== 0) throw new BqFailedError(command[0] ?? '', code, stderr);
  return stdout;
}
