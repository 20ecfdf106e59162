import { NotFoundError } from '../bigquery/errors.ts';
import type { Look } from '../bigquery/jobs-client.ts';
import type { JobName } from '../job/job-name.ts';
import type { Claim, HeldClaim } from '../ledger/ledger.ts';
import { attemptId } from '../retry/attempt-id.ts';
import type { EnforcePorts, Span } from './ports.ts';

/** The attempt with which a person runs a job again. */
export type NextAttempt =
  | {
      readonly kind: 'free';
      readonly attempt: number;
      /** Its claim, if there is one: due, or asked for by somebody who never learned what became of it. */
      readonly standing?: HeldClaim;
      /** The claim of the attempt before, whose job has failed without anybody having settled it yet. */
      readonly failed?: HeldClaim;
    }
  /** The job of this attempt runs still, or has succeeded. */
  | { readonly kind: 'there'; readonly claim: Claim; readonly look: Look }
  /** Somebody is at it. */
  | { readonly kind: 'held'; readonly claim: Claim }
  /** Ids have three digits for it. */
  | { readonly kind: 'none-left' };

const MOST_ATTEMPTS = 999;

type NextPorts = Pick<EnforcePorts, 'clock' | 'jobs' | 'ledger' | 'verb'>;

/**
 * The first number of the chain that is not used up. The watchdog counts its own attempts so, and its claims are the
 * same ones: one that is due is carried out by whoever comes first, and never twice. Where the ledger forgot or lost
 * an attempt, the job that BigQuery has under its id tells that the number is used.
 */
export async function nextAttempt(root: JobName, span: Span, ports: NextPorts): Promise<NextAttempt> {
  let failed: HeldClaim | undefined;
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    const held = await ports.ledger.claim(root, ports.verb, attempt);
    if (held?.claim.state === 'ended') {
      failed = undefined;
      continue;
    }
    const before = failed === undefined ? {} : { failed };
    if (held?.claim.state === 'claimed') return { kind: 'free', attempt, standing: held, ...before };
    const look = await lookAtAttempt(root, attempt, span, ports);
    if (held?.claim.state === 'asked') {
      if (!look) return { kind: 'free', attempt, standing: held, ...before };
      if (look.job.state !== 'DONE' || !look.job.error) return { kind: 'there', claim: held.claim, look };
      if (held.claim.leaseUntilMs > ports.clock.now()) return { kind: 'held', claim: held.claim };
      failed = held;
    } else if (!look) {
      return { kind: 'free', attempt, ...before };
    }
  }
  return { kind: 'none-left' };
}

async function lookAtAttempt(
  root: JobName,
  attempt: number,
  { deadlineAtMs }: Span,
  { jobs }: NextPorts,
): Promise<Look | undefined> {
  const jobId = attemptId(root, attempt);
  if (jobId === undefined) return undefined;
  try {
    return await jobs.get({ ...root, jobId }, { deadlineAtMs });
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
