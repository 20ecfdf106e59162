import { sweep } from '../shared/watch/sweep.ts';
import { watchEntry } from '../shared/watch/watch-entry.ts';
import type { Work } from './work.ts';

/** Cancels running jobs that break a policy's limit. */
export const cancelWork: Work = { sweep, entry: watchEntry };
