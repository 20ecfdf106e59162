import type { JobTruth } from '../../simulator/truth.ts';
import type { ClaimRow } from './claim-row.ts';
import type { HoldsVersion } from './holds-description.ts';
import type { TrueFamily } from './purge-oracle.ts';

/** A request to delete a job's metadata that reached BigQuery. */
export interface Deletion {
  readonly atMs: number;
  readonly instance: string;
  readonly job: string;
  /** The metadata is gone because of it. */
  readonly isEffective: boolean;
  readonly refused?: string;
  /** Just before; absent where there was no such job any more. */
  readonly family?: TrueFamily;
  /** The claim as it stood then; absent where there is none. */
  readonly claim?: ClaimRow;
  /** All jobs as they were just then. */
  readonly truths: ReadonlyMap<string, JobTruth>;
}

/** One instance's reading of the holds file; `version` is absent where reading failed. */
export interface HoldsRead {
  readonly atMs: number;
  readonly version?: HoldsVersion;
}

/** A certificate that somebody wrote into the ledger. */
export interface CertificateRow {
  readonly atMs: number;
  readonly by: string;
  readonly job: string;
  readonly children: readonly string[];
  readonly policy: string;
  readonly seenDoneAtMs: number;
  readonly askedAtMs: readonly number[];
  /** What was true when it was written: absent where the job was gone. */
  readonly standing?: JobTruth;
}

/** What happened so far that purges are held to. */
export class PurgePast {
  readonly claims = new Map<string, ClaimRow>();
  /** When each instance last won each claim: by its own name and the claim's key. */
  readonly wins = new Map<string, number>();
  readonly deletions: Deletion[] = [];
  /** By instance. */
  readonly holdsReads = new Map<string, HoldsRead[]>();
  readonly certificates: CertificateRow[] = [];
  /** Jobs that a person deleted. */
  readonly byPerson = new Set<string>();
  /** Jobs that were deleted because we asked for it, children not counted: by name, the deletion. */
  readonly gone = new Map<string, Deletion>();

  delete(deletion: Deletion): void {
    this.deletions.push(deletion);
    if (deletion.isEffective) this.gone.set(deletion.job, deletion);
  }

  claimOf(job: string): ClaimRow | undefined {
    return [...this.claims.values()].find((row) => row.job === job);
  }

  unfinished(): ClaimRow[] {
    return [...this.claims.values()].filter(({ state }) => state === 'claimed' || state === 'asked');
  }

  unfinishedOf(job: string): ClaimRow | undefined {
    return this.unfinished().find((claim) => claim.job === job);
  }

  /** When an instance last read the holds, and what it found: at or after one moment, at or before another. */
  lastHoldsRead(instance: string, fromMs: number, toMs: number): HoldsRead | undefined {
    return (this.holdsReads.get(instance) ?? []).findLast(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  }
}
