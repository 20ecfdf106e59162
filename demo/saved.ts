import type { JobTruth } from '../simulator/truth.ts';

/** What the cancelled jobs would have gone on to use. */
export interface Saved {
  readonly jobs: number;
  /** Milliseconds of running. */
  readonly runMs: number;
  /** Slot milliseconds. */
  readonly slotMs: number;
  /** Those that would never have ended by themselves: counted up to `untilMs`. */
  readonly endless: number;
  /** Those that had not started: nobody can say what they would have used. */
  readonly unstarted: number;
}

/** @param truths of jobs that were cancelled, when they have ended */
export function savedBy(truths: readonly JobTruth[], untilMs: number): Saved {
  const ran = truths.flatMap(({ startTimeMs, endTimeMs, slotMs, naturalEndMs }) => {
    if (startTimeMs === undefined || endTimeMs === undefined) return [];
    const runMs = Math.max(0, (naturalEndMs ?? untilMs) - endTimeMs);
    const slots = slotMs / Math.max(1, endTimeMs - startTimeMs);
    return [{ runMs, slotMs: slots * runMs, isEndless: naturalEndMs === undefined }];
  });
  return {
    jobs: ran.length,
    runMs: ran.reduce((sum, { runMs }) => sum + runMs, 0),
    slotMs: ran.reduce((sum, { slotMs }) => sum + slotMs, 0),
    endless: ran.filter(({ isEndless }) => isEndless).length,
    unstarted: truths.length - ran.length,
  };
}
