import { sweepForRetries } from '../shared/watch/retry-sweep.ts';
import { watchEndedEntry } from '../shared/watch/watch-ended-entry.ts';
import type { Work } from './work.ts';

/** Runs failed jobs again whose failure passes by itself. */
export const retryWork: Work = { sweep: sweepForRetries, entry: watchEndedEntry };
