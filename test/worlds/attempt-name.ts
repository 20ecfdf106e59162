import { createHash } from 'node:crypto';

// The ids of attempts, written anew from the design (rule 3) and sharing no code with the product.

export interface NamedJob {
  readonly projectId: string;
  readonly location: string;
  readonly jobId: string;
}

/** Under which id a job is run again for the n-th time. Locations of worlds are written as BigQuery writes them. */
export function attemptName({ projectId, location, jobId }: NamedJob, attempt: number): string {
  const named = JSON.stringify([projectId, location, jobId, attempt]);
  return `${jobId}_wdr${attempt}_${createHash('sha256').update(named).digest('hex').slice(0, 12)}`;
}

/** The root's id and the number in an id that looks like an attempt's; anybody may choose such a one. */
export function readAttemptName(
  jobId: string,
): { readonly rootId: string; readonly attempt: number } | undefined {
  const [, rootId = '', attempt] = /^(.+)_wdr(\d+)_[0-9a-f]{12}$/.exec(jobId) ?? [];
  return attempt === undefined ? undefined : { rootId, attempt: Number(attempt) };
}
