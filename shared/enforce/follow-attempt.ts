import { JobsApiError } from '../bigquery/errors.ts';
import type { Job } from '../job/job.ts';
import type { HeldClaim, RetryDetails } from '../ledger/ledger.ts';
import { isAttemptOf } from './chain-of.ts';
import { endRetry } from './end-retry.ts';
import { letGo } from './let-go.ts';
import type { Span } from './ports.ts';
import type { RetryPorts } from './retry-ports.ts';
import { lookAtWhole, type WholeLook } from './whole-look.ts';

/** An attempt that runs, with the claim that it runs for. */
export interface RunningAttempt {
  readonly held: HeldClaim;
  readonly retry: RetryDetails;
  readonly root: Job;
  /** Its job, as last seen. */
  readonly again: Job;
}

const SECOND_MS = 1_000;
/** How soon after the last look to look again; from the last on, always so. */
const WAITS_MS = [SECOND_MS, 2 * SECOND_MS, 5 * SECOND_MS, 15 * SECOND_MS] as const;
const LONGEST_WAIT_MS = 15 * SECOND_MS;
/** When the next sweep looks at what nobody waits for. */
const LEFT_FOR_MS = 60 * SECOND_MS;
/** A job that was made without an answer is seen a little later, if at all. */
const IN_DOUBT_MS = 5 * SECOND_MS;

/**
 * Waits until an attempt has ended, or the horizon; resolves to its job as last seen. That it succeeded is recorded
 * and told. Of one that failed, or runs on, the claim is let go of: what follows is for a sweep to judge.
 */
export async function followAttempt(
  { held, retry, root, again }: RunningAttempt,
  span: Span,
  ports: RetryPorts,
): Promise<Job> {
  let job = again;
  for (let looks = 0; job.state !== 'DONE'; looks++) {
    const waitMs = WAITS_MS[looks] ?? LONGEST_WAIT_MS;
    if (ports.clock.now() + waitMs > span.horizonAtMs) {
      await letGo(held, ports.clock.now() + LEFT_FOR_MS, ports);
      return job;
    }
    await ports.clock.sleep(waitMs);
    job = await seenAgain(job, span, ports);
  }
  if (job.error) {
    await letGo(held, ports.clock.now(), ports);
    return job;
  }
  const outcome = `it succeeded as ${retry.attemptId}`;
  const nowMs = job.endTimeMs ?? retry.createdAtMs ?? retry.failedAtMs;
  await endRetry(held, retry, { step: 'recovered', outcome, root, nowMs }, ports);
  return job;
}

/** A job that was just made may not be found for a while, and whoever does not answer may again: it is as last seen. */
async function seenAgain(job: Job, { deadlineAtMs }: Span, { jobs }: RetryPorts): Promise<Job> {
  try {
    return (await jobs.get(job.name, { deadlineAtMs })).job;
  } catch (error) {
    if (error instanceof JobsApiError) return job;
    throw error;
  }
}

/** One more look for a job that BigQuery may have made; undefined: none is seen that is the claim's. */
export async function lookForAttempt(
  held: HeldClaim,
  span: Span,
  ports: RetryPorts,
): Promise<WholeLook | undefined> {
  const { job, retry } = held.claim;
  if (!retry) return undefined;
  await ports.clock.sleep(IN_DOUBT_MS);
  const look = await lookAtWhole({ ...job, jobId: retry.attemptId }, span, ports);
  return look && isAttemptOf(held, look) ? look : undefined;
}
