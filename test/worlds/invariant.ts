import type { JobTruth } from '../../simulator/truth.ts';
import type { ClaimWrite } from './claim-row.ts';
import type { HoldDescription } from './holds-description.ts';
import type { Cancel, Past, Published } from './past.ts';
import type { FileDescription } from './policy-description.ts';
import type { CertificateRow, Deletion } from './purge-past.ts';
import type { Insert } from './retry-past.ts';

/** What is true when a world ends: the storm is over, leases have run out, three clean ticks have passed. */
export interface Ending {
  readonly nowMs: number;
  readonly file: FileDescription;
  /** What is on hold; undefined where nobody can tell. */
  readonly holds: readonly HoldDescription[] | undefined;
  /** All jobs, and those that were deleted as they had been, as they were when the first clean tick began, and as they are now. */
  readonly before: ReadonlyMap<string, JobTruth>;
  readonly beforeMs: number;
  /** How often each had been listed by the product when the first clean tick began. */
  readonly after: ReadonlyMap<string, JobTruth>;
  readonly unpublished: readonly string[];
  /** What the ledger, the dead letters and the outbox hold, as text. */
  readonly stored: string;
}

/** Something that must hold in every world; each hook tells what is broken, if anything. */
export interface Invariant {
  readonly name: string;
  /** Of the design's section 4, or the section that asks for it. */
  readonly rule: string;
  onCancel?(cancel: Cancel, past: Past): Iterable<string>;
  onClaim?(write: ClaimWrite, past: Past): Iterable<string>;
  /** A claim of the verb `retry`. */
  onRetryClaim?(write: ClaimWrite, past: Past): Iterable<string>;
  /** A claim of the verb `purge`. */
  onPurgeClaim?(write: ClaimWrite, past: Past): Iterable<string>;
  /** A request that reached BigQuery, before it is a part of the past. */
  onInsert?(insert: Insert, past: Past): Iterable<string>;
  /** A request that reached BigQuery, before it is a part of the past. */
  onDelete?(deletion: Deletion, past: Past): Iterable<string>;
  /** Written into the ledger; not yet a part of the past. */
  onCertificate?(certificate: CertificateRow, past: Past): Iterable<string>;
  onPublished?(
    published: Published,
    past: Past,
    truthOf: (subject: string) => JobTruth | undefined,
  ): Iterable<string>;
  onLine?(line: string, past: Past): Iterable<string>;
  onEnd?(ending: Ending, past: Past): Iterable<string>;
  /** Where there are retries or purges: some time after `onEnd`, when nothing is due any more. */
  onSettled?(ending: Ending, past: Past): Iterable<string>;
}
