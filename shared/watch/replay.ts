import type { EntryReading } from '../job/entry-reading.ts';
import { BrokenEntryError } from '../job/errors.ts';
import type { Job } from '../job/job.ts';
import type { JobName } from '../job/job-name.ts';
import { readAuditEntry } from '../job/read-audit-entry.ts';
import type { Policies } from '../policy/policy.ts';
import { nominate, type Sight } from './sight.ts';

/** Where audit entries of the past come from. */
export interface AuditEntries {
  /** LogEntries in proto3 JSON, oldest first, with a `timestamp` from `fromMs` on. */
  since(projectId: string, fromMs: number): AsyncIterable<unknown>;
}

/** What the watchdog would have made of one audit entry. */
export type Replayed =
  /** A job that a policy fires on, warns of, or cannot decide on by the entry alone: as it waited, and at the end. */
  | { readonly kind: 'nominated'; readonly sights: readonly Sight[] }
  /** The entry only names a job, which `jobs.get` would have been asked about. */
  | { readonly kind: 'look-at'; readonly name: JobName; readonly atMs: number }
  /** Nothing to nominate. `why`: one of a few static sentences. */
  | { readonly kind: 'nothing'; readonly why: string }
  /** It would have been dead-lettered. */
  | { readonly kind: 'broken'; readonly error: BrokenEntryError };

/**
 * Reads one entry as the functions do and judges what it tells, at the time that it was written. One of a job
 * that ended tells its whole life: the job is judged as it stood the moment before, and the moment before it
 * started, so that a limit which it crossed on its way shows. Nothing is asked of BigQuery, and so nothing can be touched.
 *
 * @param nowMs when the entry was written, if it does not say
 */
export function replayEntry(entry: unknown, policies: Policies, nowMs: number): Replayed {
  let reading: EntryReading;
  try {
    reading = readAuditEntry(entry);
  } catch (error) {
    if (error instanceof BrokenEntryError) return { kind: 'broken', error };
    throw error;
  }
  const atMs = writtenAtMs(entry) ?? nowMs;
  switch (reading.kind) {
    case 'job':
      return judged(reading.job, policies, atMs);
    case 'look-at':
      return { kind: 'look-at', name: reading.name, atMs };
    case 'cancel-requested':
      return { kind: 'nothing', why: 'somebody asked to cancel a job' };
    case 'deleted':
      return { kind: 'nothing', why: 'the metadata of a job was deleted' };
    case 'not-a-job-event':
      return { kind: 'nothing', why: reading.why };
  }
}

function judged(job: Job, policies: Policies, atMs: number): Replayed {
  const last = nominate(beforeItsEnd(job), policies, job.endTimeMs ?? atMs, atMs);
  const { findings, needs } = last.verdict;
  const waited = beforeItsStart(job, policies, atMs);
  const sights = [
    ...(waited && waited.verdict.findings.length > 0 ? [waited] : []),
    ...(findings.length > 0 || needs.length > 0 ? [last] : []),
  ];
  return sights.length > 0
    ? { kind: 'nominated', sights }
    : { kind: 'nothing', why: 'no policy fires on the job' };
}

/** What started has waited before, and may have waited for too long. */
function beforeItsStart(job: Job, policies: Policies, atMs: number): Sight | undefined {
  if (job.startTimeMs === undefined) return undefined;
  const { startTimeMs, endTimeMs: _, ...waiting } = job;
  return nominate({ ...waiting, state: 'PENDING' }, policies, startTimeMs, atMs);
}

/** A job that never started was waiting until its end. */
function beforeItsEnd(job: Job): Job {
  if (job.state !== 'DONE') return job;
  const { endTimeMs: _, ...unfinished } = job;
  return { ...unfinished, state: job.startTimeMs === undefined ? 'PENDING' : 'RUNNING' };
}

/** The parsers of jobs have no use for it. */
function writtenAtMs(entry: unknown): number | undefined {
  if (typeof entry !== 'object' || entry === null || !('timestamp' in entry)) return undefined;
  const ms = typeof entry.timestamp === 'string' ? Date.parse(entry.timestamp) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
