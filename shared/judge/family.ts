import type { Job } from '../job/job.ts';
import type { RerunFacts } from '../job/rerun-facts.ts';

/** One job of a family, of one `jobs.get` that gave the whole: entries and lists are cut. */
export interface Member {
  readonly job: Job;
  readonly resource: unknown;
}

/** A top-level job and its children: their metadata is deleted together, and so they are judged together. */
export interface Family {
  readonly root: Member;
  /** Of the root. */
  readonly facts: RerunFacts;
  readonly children: readonly Member[];
  /** So many children it tells of besides, which nobody could look at; absent: none. */
  readonly unseen?: number;
}

/** The root first: the order by which `SensitiveReason.memberAt` counts. */
export function membersOf({ root, children }: Family): readonly Member[] {
  return [root, ...children];
}
