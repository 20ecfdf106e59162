import { JobsApiError } from '../bigquery/errors.ts';
import { isFreeAtMs } from '../enforce/enforce.ts';
import { followEndedJob } from '../enforce/follow-ended.ts';
import type { Span } from '../enforce/ports.ts';
import { carryOutPurge } from '../enforce/purge.ts';
import type { PurgePorts } from '../enforce/purge-ports.ts';
import type { JobName } from '../job/job-name.ts';
import { StaleClaimError } from '../ledger/errors.ts';
import type { KeptBackBy } from '../ledger/ledger.ts';
import { inTurns } from './in-turns.ts';

/** What became of a job whose purge a person has confirmed. */
export interface PurgedConfirmed {
  readonly name: JobName;
  readonly outcome:
    | 'purged'
    | 'asked'
    | 'not-found'
    | 'no-longer-sensitive'
    | 'under-way'
    /** A child of it runs still, or is on no list yet. */
    | 'not-whole'
    | 'failed'
    | KeptBackBy;
  readonly error?: JobsApiError;
}

/** What keeps back one keeps back all that would follow. */
const KEEPS_ALL: ReadonlySet<PurgedConfirmed['outcome']> = new Set([
  'stopped',
  'holds-unreadable',
  'permission-missing',
  'dry-run',
]);

const AT_ONCE = 8;

/**
 * Purges these jobs and no others, each judged again under its claim by the policies and holds then in force. No breaker
 * is asked, for a person said how many. Nothing more is begun where no other would fare better.
 *
 * @param span from now on, for one job
 * @throws OwnerFileError, RefusedFileError, and the errors of `ledger/errors.ts`
 */
export function purgeConfirmed(
  names: readonly JobName[],
  span: () => Span,
  ports: PurgePorts,
): AsyncGenerator<PurgedConfirmed, undefined> {
  const work = (name: JobName) => purgeOne(name, span(), ports);
  return inTurns(names, AT_ONCE, work, ({ outcome }) => !KEEPS_ALL.has(outcome));
}

async function purgeOne(name: JobName, span: Span, ports: PurgePorts): Promise<PurgedConfirmed> {
  try {
    return await followAndPurge(name, span, ports);
  } catch (error) {
    if (error instanceof JobsApiError) return { name, outcome: 'failed', error };
    if (error instanceof StaleClaimError) return { name, outcome: 'under-way' };
    throw error;
  }
}

async function followAndPurge(name: JobName, span: Span, ports: PurgePorts): Promise<PurgedConfirmed> {
  const followed = await followEndedJob(name, 'hand', span, ports);
  if (followed.kind === 'gone') return { name, outcome: 'not-found' };
  if (followed.kind === 'no-time') return { name, outcome: 'failed' };
  if (followed.kind === 'not-whole') return { name, outcome: 'not-whole' };
  if (followed.kind !== 'scheduled') return { name, outcome: 'no-longer-sensitive' };
  const { claim, keptBy = 'under-way' } = followed;
  // What is not due is looked at again by the sweeps, which hold to what keeps it.
  if (isFreeAtMs(claim) > ports.clock.now()) return { name, outcome: keptBy };
  const carried = await carryOutPurge(claim, span, ports, 'hand');
  switch (carried.kind) {
    case 'kept-back':
      return { name, outcome: carried.by, ...(carried.error && { error: carried.error }) };
    case 'void':
      return { name, outcome: 'no-longer-sensitive' };
    case 'left':
      return { name, outcome: 'under-way' };
    default:
      return { name, outcome: carried.kind };
  }
}
