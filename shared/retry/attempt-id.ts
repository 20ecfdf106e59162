import { createHash } from 'node:crypto';
import { canonicalLocation, type JobName } from '../job/job-name.ts';

/** Letters, digits, `_`, `-`, at most 1,024 [discovery document: JobReference.jobId]. */
const LEGAL = /^[\w-]{1,1024}$/;
const HASH_LENGTH = 12;
const ATTEMPT_ID = /^(.+)_wdr([1-9]\d{0,2})_[0-9a-f]{12}$/;

export function isLegalJobId(text: string): boolean {
  return LEGAL.test(text);
}

/**
 * The id under which a job is run again: its own and `_wdr<attempt>_<hash>`. The same job and attempt always give the
 * same id, so that BigQuery itself refuses a second insert. The hash is over project, location, id and attempt: ids
 * are unique per project and location only. Undefined: the id would be longer than 1,024.
 *
 * Throws `RangeError` for an attempt that is no whole number from 1 to 999.
 */
export function attemptId(root: JobName, attempt: number): string | undefined {
  if (!Number.isInteger(attempt) || attempt < 1 || attempt > 999) {
    throw new RangeError(`the attempt is ${attempt}: it must be a whole number from 1 to 999`);
  }
  const location = root.location === undefined ? null : canonicalLocation(root.location);
  const named = JSON.stringify([root.projectId, location, root.jobId, attempt]);
  const hash = createHash('sha256').update(named).digest('hex').slice(0, HASH_LENGTH);
  const id = `${root.jobId}_wdr${attempt}_${hash}`;
  return isLegalJobId(id) ? id : undefined;
}

/**
 * What an id says of itself. It only nominates: any user may choose such an id, and only the ledger knows what was
 * inserted by us.
 */
export function readAttemptId(jobId: string): { rootId: string; attempt: number } | undefined {
  const [, rootId, attempt] = ATTEMPT_ID.exec(jobId) ?? [];
  return rootId === undefined ? undefined : { rootId, attempt: Number(attempt) };
}

/**
 * The root and the number of which the id is, as ours would be: its hash agrees. It only nominates, too, for anybody
 * can compute it.
 */
export function attemptNamed(
  name: JobName,
): { readonly root: JobName; readonly attempt: number } | undefined {
  const read = readAttemptId(name.jobId);
  if (!read) return undefined;
  const root = { ...name, jobId: read.rootId };
  return attemptId(root, read.attempt) === name.jobId ? { root, attempt: read.attempt } : undefined;
}
