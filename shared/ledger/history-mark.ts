/**
 * How far the clean-up of a project's history has come. It goes by the time of creation, the oldest first, from
 * `fromMs` up to but not including `toMs`. Times are BigQuery's but for when it started and finished.
 */
export interface HistoryMark {
  readonly fromMs: number;
  readonly toMs: number;
  /** What was created before then is judged, and purged or stored as due. */
  readonly doneToMs: number;
  readonly startedAtMs: number;
  readonly finishedAtMs?: number;
  /** Of the purge part of the policy by which it judges. */
  readonly generation: string;
  /** Jobs that were looked at, that a policy wants purged, and that were purged, so far. */
  readonly looked: number;
  readonly found: number;
  readonly purged: number;
  /** What was created from then on, up to `fromMs`, earlier walks by the same policies have gone through. */
  readonly coveredFromMs?: number;
  /** Since when what was created at `doneToMs` keeps walks from going on, for it fails, by our own clock. */
  readonly stuckSinceMs?: number;
}

/** A mark, and the version under which it may be moved. */
export interface HeldHistory {
  readonly mark: HistoryMark;
  readonly version: string;
}
