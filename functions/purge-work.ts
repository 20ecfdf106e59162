import { walkHistory } from '../shared/watch/history-walk.ts';
import { sweepForPurges } from '../shared/watch/purge-sweep.ts';
import { watchPurgeEntry } from '../shared/watch/watch-purge-entry.ts';
import type { Work } from './work.ts';

/** Deletes the metadata of sensitive jobs some time after their end. */
export const purgeWork: Work = { sweep: sweepForPurges, entry: watchPurgeEntry, history: walkHistory };
