import type { Job } from '../job/job.ts';
import { canonicalLocation, type JobName } from '../job/job-name.ts';
import type { SweepMark } from '../ledger/ledger.ts';
import { HOUR_MS, MINUTE_MS } from '../ledger/spans.ts';

/**
 * Lists show new jobs late, and the watermark is of whole seconds: what was created so long before it is looked
 * at once more.
 */
export const OVERLAP_MS = 10 * MINUTE_MS;
const FIRST_LOOK_BACK_MS = 72 * HOUR_MS;

/** Told by a list that names something else than a location: any location may be missing. */
const ANY_LOCATION = 'unknown';

/** The locations that did not answer one of several pages. */
export type Unreachable = ReadonlySet<string>;

/** Where to start without a watermark. It is written down at once, lest it move on while a location is out of reach. */
export function firstMark(nowMs: number): SweepMark {
  return { watermarkMs: nowMs - FIRST_LOOK_BACK_MS + OVERLAP_MS, behind: new Map() };
}

export function unreachableOf(locations: Iterable<string>): Unreachable {
  return new Set([...locations].map(canonicalLocation));
}

/** Whether a job may exist although no list shows it. */
export function mayBeHidden({ location }: JobName, unreachable: Unreachable): boolean {
  if (unreachable.has(ANY_LOCATION)) return true;
  return location === undefined ? unreachable.size > 0 : unreachable.has(canonicalLocation(location));
}

/** The earliest watermark of those that can be made good now: a location that answers again is caught up with. */
export function earliestMs({ watermarkMs, behind }: SweepMark, unreachable: Unreachable): number {
  return Math.min(watermarkMs, ...answering(behind, unreachable).values());
}

/** Whether a job that ended may not have been handed over yet, as far as its creation tells. */
export function isDue(job: Job, { watermarkMs, behind }: SweepMark, unreachable: Unreachable): boolean {
  const { creationTimeMs } = job;
  if (creationTimeMs === undefined || creationTimeMs >= watermarkMs - OVERLAP_MS) return true;
  return [...answering(behind, unreachable)].some(
    ([location, sinceMs]) =>
      creationTimeMs >= sinceMs - OVERLAP_MS && mayBeHidden(job.name, new Set([location])),
  );
}

/**
 * The mark once all that was created up to `reachedMs`, less the overlap, is done with. The watermark of a
 * location that does not answer stays where it was, and the others go on: one that is away for hours would
 * else have every tick judge again all that ended in the meantime elsewhere.
 */
export function movedTo(mark: SweepMark, reachedMs: number, unreachable: Unreachable): SweepMark {
  const watermarkMs = Math.max(mark.watermarkMs, reachedMs);
  const answers = answering(mark.behind, unreachable);
  const behind = new Map<string, number>();
  for (const location of unreachable) behind.set(location, mark.watermarkMs);
  for (const [location, sinceMs] of mark.behind) {
    if (!answers.has(location)) behind.set(location, sinceMs);
    else if (reachedMs < watermarkMs) behind.set(location, Math.max(sinceMs, reachedMs));
  }
  return { watermarkMs, behind };
}

function answering(behind: SweepMark['behind'], unreachable: Unreachable): SweepMark['behind'] {
  if (unreachable.has(ANY_LOCATION)) return new Map();
  return new Map([...behind].filter(([location]) => !unreachable.has(location)));
}
