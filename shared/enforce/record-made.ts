import type { Look } from '../bigquery/jobs-client.ts';
import type { Job } from '../job/job.ts';
import type { HeldClaim, RetryDetails } from '../ledger/ledger.ts';
import { letGo } from './let-go.ts';
import { retriedAlert } from './retry-alerts.ts';
import type { RetryPorts } from './retry-ports.ts';

/** A job that runs for the claim. */
export interface Made {
  readonly retry: RetryDetails;
  readonly look: Look;
  readonly root: Job | undefined;
  readonly nowMs: number;
}

/** When to look how an attempt goes, which events usually tell sooner: at first after a minute. */
const FIRST_LOOK_MS = 60_000;

/** There is a job of this attempt: people are told, and the claim says when to look how it goes. */
export async function recordMade(
  held: HeldClaim,
  { retry, look, root, nowMs }: Made,
  ports: RetryPorts,
): Promise<void> {
  const { job } = look;
  const made = { ...retry, createdAtMs: job.creationTimeMs ?? nowMs };
  const now = ports.clock.now();
  const lookAtMs = job.state === 'DONE' ? now : now + FIRST_LOOK_MS;
  await letGo(held, lookAtMs, ports, { retry: made }, [retriedAlert(held.claim, made, root, nowMs)]);
  ports.log.notice('job run again', { job: held.claim.job, as: retry.attemptId, policy: held.claim.policy });
}
