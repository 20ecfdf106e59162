import { canonicalLocation, type JobName } from '../job/job-name.ts';
import type { LeaseNote } from '../ledger/lease.schema.ts';
import { JustMade } from './just-made.schema.ts';
import type { EnforcePorts } from './ports.ts';

/** What is to be run again, and for which claim. */
export interface Work {
  /** Where it ran. */
  readonly root: JobName;
  readonly principal: string;
  readonly configurationHash: string;
  readonly claimKey: string;
  /** Under which it is to be run again. */
  readonly attemptId: string;
}

/** The right to compare a piece of work with what others do, and to insert it: its own, whatever jobs are alike. */
export interface HeldWork {
  /** What was inserted under it not long ago. */
  readonly justMade?: JustMade;
  /** By our own clock: others may have it from then on. */
  readonly untilMs: number;
  /** @param made the id of the job that was inserted, or may have been */
  release(made?: string): Promise<void>;
}

/** A list may be so late [bigquery-facts: list]: until then whoever comes next is told what it may not show. */
export const LIST_LATE_MS = 600_000;

/**
 * Jobs that are alike are run again once, though each has a claim of its own: between the comparison and the insert
 * the work is held. Undefined: somebody else holds it. Of a claim that is taken over, it is the successor's at once;
 * that of a holder who died is free when its claim is.
 */
export async function holdWork(
  { root: { projectId, location = '' }, principal, configurationHash, claimKey, attemptId }: Work,
  { ledger, clock, verb, leaseMs }: Pick<EnforcePorts, 'ledger' | 'clock' | 'verb' | 'leaseMs'>,
): Promise<HeldWork | undefined> {
  const name = ['work', verb, projectId, canonicalLocation(location), principal, configurationHash].join('/');
  const untilMs = clock.now() + leaseMs;
  // Of a holder that dies the next one is told what may have been inserted until then, for lists may not show it yet.
  const taken = await ledger.takeLease(name, claimKey, leaseMs, noteOf(attemptId, untilMs));
  if (!taken) return undefined;
  const { version, left } = taken;
  const justMade = JustMade.safeParse(left?.body).data;
  return {
    untilMs,
    ...(justMade && { justMade }),
    release: (made) =>
      ledger.releaseLease(name, version, made === undefined ? left : noteOf(made, clock.now())),
  };
}

function noteOf(jobId: string, atMs: number): LeaseNote {
  const body: JustMade = { jobId, atMs };
  return { body, untilMs: atMs + LIST_LATE_MS };
}
