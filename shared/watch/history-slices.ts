import type { Span } from '../enforce/ports.ts';
import type { Job } from '../job/job.ts';
import { mayBeSensitive } from '../judge/nominate-purge.ts';
import type { Policies } from '../policy/policy.ts';
import { followOfHistory, type OfHistory, type StoppedBy } from './history-job.ts';
import type { HistoryRecord } from './history-record.ts';
import { listSlice, MOST_IN_A_SLICE, NARROWEST_MS } from './history-slice.ts';
import type { SweepLease } from './sweep-lease.ts';
import type { WatchPurgePorts } from './watch-ended-purge.ts';

/** One walk, under way. */
export interface Walk {
  readonly projectId: string;
  readonly lease: SweepLease;
  readonly span: Span;
  /** With calls that give way. */
  readonly ports: WatchPurgePorts;
  /** By which it judges what lists tell; what is done follows the latest. */
  readonly policies: Policies;
  /** Nothing more is begun after then. */
  readonly untilMs: number;
}

const FIRST_WIDTH_MS = 86_400_000;
const WIDEST_MS = 30 * FIRST_WIDTH_MS;
/** A slice that has fewer jobs than this part of what one may have is followed by a wider one. */
const FEW = MOST_IN_A_SLICE / 4;
/** So many families are looked at at once. */
const AT_ONCE = 20;

/**
 * Goes on with a walk slice by slice, each as wide as its jobs are few.
 *
 * @returns why it does not go on; undefined: it has come to the end
 * @throws StaleMarkError
 */
export async function takeSlices(record: HistoryRecord, walk: Walk): Promise<StoppedBy | undefined> {
  const { projectId, lease, span, ports, policies, untilMs } = walk;
  let widthMs = FIRST_WIDTH_MS;
  while (record.mark.doneToMs < record.mark.toMs) {
    if (ports.clock.now() >= untilMs) return 'time';
    // Else what was judged by one would be recorded as judged by the other.
    if ((await ports.policies.latest()).generation !== policies.generation) return 'policy-changed';
    const fromMs = record.mark.doneToMs;
    const toMs = Math.min(fromMs + widthMs, record.mark.toMs);
    const slice = await listSlice(projectId, { fromMs, toMs }, lease, span, ports);
    if (slice.kind === 'too-many') {
      widthMs = Math.max(NARROWEST_MS, Math.floor((toMs - fromMs) / 4));
      continue;
    }
    if (slice.kind !== 'slice') return slice.kind;
    const jobs = slice.jobs.filter((job) => mayBeSensitive(job, policies));
    const stoppedBy = await takeJobs(jobs, toMs, record, walk);
    if (stoppedBy !== undefined) return stoppedBy;
    if (slice.seen < FEW) widthMs = Math.min(widthMs * 2, WIDEST_MS);
  }
  return undefined;
}

/** Follows the jobs of a slice, the oldest first, and records how far it came: the next walk begins there. */
async function takeJobs(
  jobs: readonly Job[],
  toMs: number,
  record: HistoryRecord,
  { lease, span, ports, policies, untilMs }: Walk,
): Promise<StoppedBy | undefined> {
  const left = [...jobs];
  for (;;) {
    const some = left.splice(0, AT_ONCE);
    await lease.renew();
    const followed = await followEach(some, record, policies, span, ports);
    const first = followed.find(({ of }) => of.stop !== undefined);
    const doneToMs = createdAt(first?.job ?? left[0], record) ?? toMs;
    // What comes again is counted then; what was purged does not.
    const counted = followed.filter(
      ({ job, of }) => of.purged || !first || (createdAt(job, record) ?? 0) < doneToMs,
    );
    const count = (key: 'looked' | 'found' | 'purged'): number => counted.filter(({ of }) => of[key]).length;
    const counts = { looked: count('looked'), found: count('found'), purged: count('purged') };
    await record.moveTo(doneToMs, counts, first?.of.stop);
    if (first) return first.of.stop;
    if (left.length === 0) return undefined;
    if (ports.clock.now() >= untilMs) return 'time';
  }
}

interface Followed {
  readonly job: Job;
  readonly of: OfHistory;
}

/** All of them, whatever is thrown, before it is thrown on: nobody works on when the lease is given back. */
async function followEach(
  jobs: readonly Job[],
  { mark }: HistoryRecord,
  policies: Policies,
  span: Span,
  ports: WatchPurgePorts,
): Promise<readonly Followed[]> {
  const settled = await Promise.allSettled(
    jobs.map(async (job) => ({ job, of: await followOfHistory(job, mark, policies, span, ports) })),
  );
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

/** Where a walk that is to see this job begins; undefined: there is no such job. */
function createdAt(job: Job | undefined, { mark }: HistoryRecord): number | undefined {
  return job && (job.creationTimeMs ?? mark.doneToMs);
}
