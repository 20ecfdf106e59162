import { JobsApiError } from '../bigquery/errors.ts';
import type { Span } from '../enforce/ports.ts';
import { decide, type PurgeDecision } from '../enforce/purge-decision.ts';
import { type JudgedFamily, lookToPurge } from '../enforce/purge-look.ts';
import type { PurgePorts } from '../enforce/purge-ports.ts';
import type { JobName } from '../job/job-name.ts';
import { mayBeSensitive } from '../judge/nominate-purge.ts';
import type { PurgeFinding } from '../judge/purge-verdict.ts';
import type { HistoryRange } from './history-range.ts';
import { inTurns } from './in-turns.ts';

/** A job that a policy of the file takes for sensitive. */
export interface SurveyedJob {
  readonly name: JobName;
  readonly principal?: string;
  readonly children: number;
  readonly finding: PurgeFinding;
}

/** What a survey tells, as it comes. */
export type Surveyed =
  /** It would be purged now. */
  | { readonly kind: 'wanted'; readonly job: SurveyedJob }
  /** It is to be purged, though not yet: `until` it is due, or because something keeps it. */
  | {
      readonly kind: 'kept';
      readonly job: SurveyedJob;
      readonly by: Extract<PurgeDecision, { readonly kind: 'kept' }>['by'] | 'not-due' | 'not-whole';
    }
  /** The policy only observes. */
  | { readonly kind: 'observed'; readonly job: SurveyedJob }
  /** BigQuery does not tell what a policy wants to know of it. */
  | { readonly kind: 'undecided'; readonly name: JobName }
  /** Something went wrong with this job; the others were judged. */
  | { readonly kind: 'failed'; readonly name: JobName; readonly why: JobsApiError | 'no-time' | 'not-whole' }
  /** Of this part of the time not all jobs are known. */
  | { readonly kind: 'gap'; readonly unreachable: readonly string[]; readonly brokenItems: number }
  /** One more slice of time is done; so many jobs were in it. */
  | { readonly kind: 'slice'; readonly jobs: number };

export const SLICE_MS = 86_400_000;
const AT_ONCE = 16;
/** For the list of one slice, and for one look, with the waiting for their turn. */
const WITHIN_MS = 600_000;

/**
 * What of the jobs created in a part of history would be purged now: lists them day by day, and looks at each family
 * that may be sensitive. It only reads. Memory holds the names of one day.
 *
 * @throws JobsApiError when a list itself failed, OwnerFileError, and the errors of `ledger/errors.ts`
 */
export async function* surveyPurges(
  projectId: string,
  { fromMs, toMs }: HistoryRange,
  ports: PurgePorts,
): AsyncGenerator<Surveyed, undefined> {
  for (let startMs = fromMs; startMs < toMs; startMs += SLICE_MS) {
    const slice = { fromMs: startMs, toMs: Math.min(startMs + SLICE_MS, toMs) };
    const { names, jobs, gaps } = await listSlice(projectId, slice, ports);
    yield* gaps;
    for await (const surveyed of inTurns(names, AT_ONCE, (name) => lookAt(name, ports))) {
      if (surveyed) yield surveyed;
    }
    yield { kind: 'slice', jobs };
  }
  return undefined;
}

async function listSlice(
  projectId: string,
  { fromMs, toMs }: HistoryRange,
  { jobs, policies, clock }: PurgePorts,
) {
  const found = new Map<string, JobName>();
  const gaps: Surveyed[] = [];
  let seen = 0;
  // Both ends are in the list [bigquery-facts: list].
  const times = { minCreationTimeMs: fromMs, maxCreationTimeMs: toMs - 1 };
  const query = { projectId, states: ['done'], ...times } as const;
  const recent = await policies.recent();
  for await (const page of jobs.list(query, { deadlineAtMs: clock.now() + WITHIN_MS })) {
    const { unreachable } = page;
    const brokenItems = page.brokenItems.length;
    if (unreachable.length > 0 || brokenItems > 0) gaps.push({ kind: 'gap', unreachable, brokenItems });
    seen += page.jobs.length;
    for (const job of page.jobs) {
      const { name } = job;
      // A page that moved has jobs of the one before.
      if (mayBeSensitive(job, recent)) found.set(`${name.location} ${name.jobId}`, name);
    }
  }
  return { names: [...found.values()], jobs: seen, gaps };
}

async function lookAt(name: JobName, ports: PurgePorts): Promise<Surveyed | undefined> {
  const nowMs = ports.clock.now();
  const span: Span = { startedAtMs: nowMs, horizonAtMs: nowMs, deadlineAtMs: nowMs + WITHIN_MS };
  try {
    const look = await lookToPurge(name, span, ports);
    if (look.kind === 'no-time') return { kind: 'failed', name, why: 'no-time' };
    return look.kind === 'judged' ? survey(look, ports) : undefined;
  } catch (error) {
    if (error instanceof JobsApiError) return { kind: 'failed', name, why: error };
    throw error;
  }
}

function survey(judged: JudgedFamily, ports: PurgePorts): Surveyed | undefined {
  const { look, verdict } = judged;
  const { name, principal } = look.root.job;
  const decision = decide(judged, ports);
  const { finding } = decision;
  if (!finding) {
    if (decision.kind === 'not-whole') return { kind: 'failed', name, why: 'not-whole' };
    return verdict.undecided.length > 0 ? { kind: 'undecided', name } : undefined;
  }
  const children = look.children?.length ?? 0;
  const job = { name, children, finding, ...(principal !== undefined && { principal }) };
  switch (decision.kind) {
    case 'wanted':
      return decision.dueAtMs <= look.nowMs ? { kind: 'wanted', job } : { kind: 'kept', job, by: 'not-due' };
    case 'kept':
      return { kind: 'kept', job, by: decision.by };
    case 'not-whole':
      return { kind: 'kept', job, by: 'not-whole' };
    case 'unwanted':
      return { kind: 'observed', job };
  }
}
