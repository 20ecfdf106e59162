import type { Job } from './job.ts';
import type { JobName } from './job-name.ts';

/**
 * Why only `jobs.get` can tell what this entry is about.
 * - `child`: it is a child's; the name is its parent's, or its own where the parent's cannot be read.
 * - `script-id`: its id is like a script child's and no parent is named. Any user may choose such an id.
 * - `cut-entry`: what told of the job was cut off, as happens above 100 KB.
 * - `id-taken`: an insert was refused because the id exists; the entry's configuration is not that job's.
 */
export type LookReason = 'child' | 'script-id' | 'cut-entry' | 'id-taken';

export type EntryReading = (
  | { readonly kind: 'job'; readonly job: Job }
  | { readonly kind: 'look-at'; readonly name: JobName; readonly because: LookReason }
  | { readonly kind: 'cancel-requested'; readonly name: JobName; readonly principal?: string }
  | { readonly kind: 'deleted'; readonly name: JobName }
  /** `why`: one of a few static sentences, to count by. */
  | { readonly kind: 'not-a-job-event'; readonly why: string }
) & { readonly insertId?: string };

export function ignored(why: string): EntryReading {
  return { kind: 'not-a-job-event', why };
}

export function refusedInsert(): EntryReading {
  return ignored('the insert was refused: no job came of it');
}

export function cancelRequested(name: JobName, principal: string | undefined): EntryReading {
  return { kind: 'cancel-requested', name, ...(principal === undefined ? {} : { principal }) };
}
