import { lastStartMs, PAGE_SIZE } from '../sweep-floor.ts';
import type { EndedJobs } from './failed-jobs.ts';

export interface RetryScene extends EndedJobs {
  readonly callMs: number;
}

/**
 * When the last retry can be inserted at the earliest, from the sweep's message on. A failure is found on a page, and
 * a page's token comes with the page before. A list only nominates: each job is looked at by a get of its own, and
 * one account may make so many of them a second. Whether somebody else ran it again, and as whom it runs, can be asked
 * for beside that get, and once for many; an insert is made as the job's own account, which has a quota of its own.
 */
export function startFloorMs({ failures, successes, callMs }: RetryScene): number {
  const pages = Math.ceil((failures + successes) / PAGE_SIZE);
  return Math.max(pages * callMs, callMs + lastStartMs(failures)) + 2 * callMs;
}

/** When the last outcome can be known at the earliest: the retries' names are known, and each is looked at once. */
export function settleFloorMs({ failures, callMs }: RetryScene): number {
  return lastStartMs(failures) + callMs;
}
