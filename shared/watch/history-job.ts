import type { HistoryStop } from '../alert/alert.schema.ts';
import { projectUnwatchable } from '../alert/system-alert.ts';
import {
  DeadlineError,
  ForbiddenError,
  JobsApiError,
  UnauthenticatedError,
  UnavailableError,
} from '../bigquery/errors.ts';
import { isFreeAtMs } from '../enforce/enforce.ts';
import { followEndedJob } from '../enforce/follow-ended.ts';
import { isSettledBy } from '../enforce/id-used-again.ts';
import { tellAlerts } from '../enforce/outbox.ts';
import type { Span } from '../enforce/ports.ts';
import { carryOutPurge } from '../enforce/purge.ts';
import type { Job } from '../job/job.ts';
import { formatJobName, type JobName } from '../job/job-name.ts';
import { UnreadableDocumentError } from '../ledger/errors.ts';
import type { Claim, HistoryMark, KeptBackBy } from '../ledger/ledger.ts';
import { nameInProject } from '../ledger/running-bucket.ts';
import type { Policies } from '../policy/policy.ts';
import type { WatchPurgePorts } from './watch-ended-purge.ts';

/** Why a walk does not go on. */
export type StoppedBy = 'time' | HistoryStop;

/** What became of one job of history. */
export interface OfHistory {
  readonly looked?: true;
  /** A policy wants it purged. */
  readonly found?: true;
  readonly purged?: true;
  /** The walk does not go on beyond this job, which the next one has again. */
  readonly stop?: StoppedBy;
}

/** What keeps back this purge keeps back all that would follow: they are not stored by the thousand. */
const KEEPS_ALL = [
  'capped',
  'breaker-open',
  'stopped',
  'holds-unreadable',
  'permission-missing',
  'dry-run',
] as const;

/** Where all walks fail, what fails is passed over after so long, and people are told. */
const STUCK_MS = 86_400_000;

/**
 * Follows one job of history: it is purged, stored as due, or of no concern.
 *
 * @throws what concerns more than this job
 */
export async function followOfHistory(
  job: Job,
  mark: HistoryMark,
  policies: Policies,
  span: Span,
  ports: WatchPurgePorts,
): Promise<OfHistory> {
  const { name } = job;
  try {
    return await follow(job, policies, span, ports);
  } catch (error) {
    if (error instanceof DeadlineError) return { stop: 'time' };
    if (!isOfOneJob(error)) throw error;
    ports.log.warning('job of history not judged', { projectId: name.projectId, job: name, error });
    if (!isStuckAt(job, mark, ports.clock.now())) return { stop: 'failed' };
    await tellPassedOver(name, error, ports);
    return {};
  }
}

/** Whatever was created at the moment beyond which no walk has come for a day. */
function isStuckAt({ creationTimeMs }: Job, { doneToMs, stuckSinceMs }: HistoryMark, nowMs: number): boolean {
  if (stuckSinceMs === undefined || nowMs - stuckSinceMs < STUCK_MS) return false;
  return creationTimeMs === undefined || creationTimeMs === doneToMs;
}

async function follow(job: Job, policies: Policies, span: Span, ports: WatchPurgePorts): Promise<OfHistory> {
  const { name } = job;
  // Of very many that were created in one moment no message may have time for all.
  if (ports.judged.has(job, policies)) return { looked: true };
  const known = await ports.ledger.claim(name, ports.verb, 1);
  if (known && isSettledBy(known.claim, job)) {
    const { claim } = known;
    // Of the live path, or asked for already: sweeps go on with it.
    const isWaiting = claim.state === 'claimed' && claim.purge?.by === 'history';
    return isWaiting ? { found: true, ...(await carryOut(claim, span, ports)) } : {};
  }
  const followed = await followEndedJob(name, 'history', span, ports);
  switch (followed.kind) {
    case 'scheduled':
      return { looked: true, found: true, ...(await carryOut(followed.claim, span, ports)) };
    case 'reported':
    case 'observed':
      return { looked: true, found: true };
    case 'no-time':
      return { stop: 'no-time' };
    case 'not-whole':
      throw notWhole(name);
    case 'nothing':
      ports.judged.add(job, policies);
      return { looked: true };
    default:
      return { looked: true };
  }
}

/** No sweep has it again. */
function notWhole(name: JobName): UnavailableError {
  const because = 'not all of its children have ended and are listed';
  return new UnavailableError(
    { method: 'list', target: formatJobName(name) },
    { because, outcome: 'not-done' },
  );
}

/** What is not due yet is left to the sweeps. */
async function carryOut(claim: Claim, span: Span, ports: WatchPurgePorts): Promise<OfHistory> {
  if (isFreeAtMs(claim) > ports.clock.now()) return keptBack(claim.purge?.heldBy);
  const carried = await carryOutPurge(claim, span, ports);
  if (carried.kind === 'purged') return { purged: true };
  return carried.kind === 'kept-back' ? keptBack(carried.by) : {};
}

function keptBack(by: KeptBackBy | undefined): OfHistory {
  const stop = KEEPS_ALL.find((one) => one === by);
  return stop ? { stop } : {};
}

/** Where credentials or permissions are missing, no other job fares better. */
function isOfOneJob(error: unknown): error is JobsApiError | UnreadableDocumentError {
  if (error instanceof ForbiddenError || error instanceof UnauthenticatedError) return false;
  return error instanceof JobsApiError || error instanceof UnreadableDocumentError;
}

async function tellPassedOver(
  name: JobName,
  { message }: JobsApiError | UnreadableDocumentError,
  ports: WatchPurgePorts,
): Promise<void> {
  const detail = `the clean-up of history passes over a job that could not be judged for a day; look whether it is to be purged by hand: ${message}`;
  const about = `history ${nameInProject(name)}`;
  await tellAlerts([projectUnwatchable(ports.verb, name.projectId, about, detail, ports.clock.now())], ports);
}
