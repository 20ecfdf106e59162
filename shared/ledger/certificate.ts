import type { JobName } from '../job/job-name.ts';
import type { PurgeFound } from './purge-details.schema.ts';

/**
 * That a job and its children were purged: BigQuery had them when it was asked to delete them, and answered "not
 * found" for each after. Holds no text of a job, only names, places, times and keyed hashes. Times are BigQuery's.
 */
export interface Certificate {
  readonly job: JobName;
  /** The ids of the children that went with it, in the same project and location. */
  readonly children: readonly string[];
  /** So many more the job told of, which no list showed: they went with it, unseen. Absent: none. */
  readonly childrenUnseen?: number;
  /** Who ran the job. */
  readonly principal?: string;
  readonly policy: string;
  /** Who had it deleted: the holder of the claim, or a person. */
  readonly by: string;
  readonly found: readonly PurgeFound[];
  /** `jobs.get` answered 200 and DONE, before the first delete. */
  readonly seenDoneAtMs: number;
  /** When BigQuery was asked to delete it, once per request. */
  readonly askedAtMs: readonly number[];
  /** When the last of them was seen to be gone. */
  readonly verifiedAtMs: number;
  /** Where copies may remain that a deletion does not reach: words of `COPIES_NOT_REACHED`. */
  readonly copiesNotReached: readonly string[];
}

export interface Certificates {
  readonly certificates: readonly Certificate[];
  /** An `UnreadableDocumentError` for each that cannot be read. They take no room from the others. */
  readonly unreadable: readonly Error[];
}
