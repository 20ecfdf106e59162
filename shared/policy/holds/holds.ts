import type { JobName } from '../../job/job-name.ts';
import type { Selector } from '../policy.ts';

/** A legal hold: what it takes is not purged, whatever policies say. All that its `match` asks must hold. */
export interface Hold {
  /** Each once in a file. */
  readonly id: string;
  readonly reason: string;
  /** The last millisecond for which it holds; absent: until it is taken out of the file. */
  readonly untilMs?: number;
  /** Who asked for it, as the file says. */
  readonly by?: string;
  /** Any one of them; a name without a location means the job in any. */
  readonly jobs?: readonly JobName[];
  /** When the job was created, both ends included. */
  readonly created?: CreatedWithin;
  readonly match: Selector;
}

export interface CreatedWithin {
  readonly fromMs?: number;
  readonly toMs?: number;
}

/** The owner's holds file, compiled. */
export interface Holds {
  /** Tells one text of the file from another: a hash of it. */
  readonly generation: string;
  /** In the order of the file, those that have ended too. */
  readonly all: readonly Hold[];
}

/** What holds where no file is named. */
export const NO_HOLDS: Holds = { generation: 'no-holds', all: [] };
