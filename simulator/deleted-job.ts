import { existsAt } from './job-life.ts';
import type { JobName, JobRecord } from './job-record.ts';
import { nameOf } from './job-store.ts';
import type { JsonRecord } from './json.ts';
import { jobResource } from './resource.ts';
import { type JobTruth, truthOf } from './truth.ts';

/** A job whose metadata was deleted, as it was just before: what an observer judges the deletion by. */
export interface DeletedJob {
  readonly atMs: number;
  /** The e-mail of who deleted it. */
  readonly by: string;
  /** The job that the call named: this one, or its top-level parent, with which it went. */
  readonly named: JobName;
  /** Tells its own name and that of its parent, too. */
  readonly truth: JobTruth;
  /** As `jobs.get` showed it. */
  readonly resource: JsonRecord;
}

/** A job and its children of all generations, each before its own. */
export function familyOf(record: JobRecord): readonly JobRecord[] {
  return [record, ...record.children.flatMap(familyOf)];
}

/** What is kept of a family; of children that never came to be, nothing. */
export function deletedJobs(
  family: readonly JobRecord[],
  { atMs, by, named }: { readonly atMs: number; readonly by: string; readonly named: JobRecord },
): DeletedJob[] {
  return family
    .filter((record) => existsAt(record, atMs))
    .map((record) => ({
      atMs,
      by,
      named: nameOf(named),
      truth: truthOf(record, atMs),
      resource: jobResource(record, atMs),
    }));
}
