import type { JsonRecord } from '../../simulator/json.ts';
import type { JobTruth } from '../../simulator/truth.ts';
import { readAttemptName } from './attempt-name.ts';
import type { ClaimRow } from './claim-row.ts';
import { areAlike } from './true-work.ts';

/** A request to insert a job that reached BigQuery. */
export interface Insert {
  readonly atMs: number;
  readonly instance: string;
  /** In whose course. */
  readonly delivery: number | undefined;
  /** The name of the new job, or of the one that was refused. */
  readonly job: string;
  /** As whom. */
  readonly by: string;
  /** A job was created. */
  readonly isEffective: boolean;
  readonly refused?: string;
  readonly configuration: JsonRecord;
  /** What its id says of itself: absent where it is no attempt's. */
  readonly root?: string;
  readonly attempt?: number;
  /** The claim as it stood then; absent where there is none. */
  readonly claim?: ClaimRow;
  /** All jobs as they were just then. */
  readonly truths: ReadonlyMap<string, JobTruth>;
}

/** A page of a list that an instance of `retry` was given. */
export interface ShownPage {
  readonly atMs: number;
  readonly instance: string;
  /** For which it was listed. */
  readonly delivery: number | undefined;
  readonly projectId: string;
  readonly states: readonly string[];
  readonly createdFromMs?: number;
  readonly createdUpToMs?: number;
  /** Of its list. */
  readonly isFirst: boolean;
  readonly shown: readonly string[];
  readonly unreachable: readonly string[];
  /** As of when it shows what it shows. */
  readonly asOfMs: number;
}

/** What happened so far that retries are held to. */
export class RetryPast {
  readonly claims = new Map<string, ClaimRow>();
  /** When each instance last won each claim: by its own name and the claim's key. */
  readonly wins = new Map<string, number>();
  /** Since when the work of each claim has been held, so that nobody else compares or inserts it: by the claim's key. */
  readonly heldSinceMs = new Map<string, number>();
  readonly inserts: Insert[] = [];
  readonly pages: ShownPage[] = [];
  /** Attempts that were truly made: by the name of the job. */
  readonly made = new Map<string, Insert>();

  insert(insert: Insert): void {
    this.inserts.push(insert);
    if (insert.isEffective) this.made.set(insert.job, insert);
  }

  /** The claim to insert that job, if there is one. */
  claimOf(job: string): ClaimRow | undefined {
    return [...this.claims.values()].find(
      ({ job: root, retry }) => retry !== undefined && `${placeOf(root)}${retry.attemptId}` === job,
    );
  }

  unfinished(): ClaimRow[] {
    return [...this.claims.values()].filter(({ state }) => state === 'claimed' || state === 'asked');
  }

  /** Who does the same as the same account under the id of an attempt cannot be told from us. */
  isImitated(root: string, jobs: ReadonlyMap<string, JobTruth>): boolean {
    const truth = jobs.get(root);
    return [...jobs].some(
      ([name, job]) =>
        attemptIn(name)?.root === root && !this.made.has(name) && truth !== undefined && areAlike(job, truth),
    );
  }

  /** The attempts of one job that were truly made. */
  madeOf(root: string): Insert[] {
    return [...this.made.values()].filter((insert) => insert.root === root);
  }
}

/** `project:location.` of a job's name. */
export function placeOf(job: string): string {
  return job.slice(0, job.lastIndexOf('.') + 1);
}

/** The root and the number that a job's name says it is an attempt of. */
export function attemptIn(job: string): { readonly root: string; readonly attempt: number } | undefined {
  const place = placeOf(job);
  const read = readAttemptName(job.slice(place.length));
  return read && { root: `${place}${read.rootId}`, attempt: read.attempt };
}
