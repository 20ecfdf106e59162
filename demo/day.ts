import type { JobScript } from '../simulator/job-script.ts';
import { type Dice, diceOf } from './dice.ts';
import { FAILURES } from './failures.ts';
import { INCIDENTS } from './incidents.ts';
import { HOUR_MS, type Kind, MINUTE_MS } from './kind.ts';
import { ORDINARY } from './ordinary-jobs.ts';
import { SECRETS } from './secrets.ts';

/** A Monday morning, always the same one: the same seed plans the same day, whenever it is run. */
export const DAY_STARTS_MS = Date.UTC(2026, 7, 3, 8);
export const DAY_MS = 24 * HOUR_MS;
export const DAY_ENDS_MS = DAY_STARTS_MS + DAY_MS;

/** A job of the plan. Its id is given, so that a person can tell its kind, and no two are the same. */
export type PlannedJob = JobScript &
  Pick<Kind, 'failures'> & { readonly jobId: string; readonly createdAtMs: number };

/** Jobs began before the watchdog was switched on, some of them. */
const BEFORE_MINUTES = 180;
const DAY_MINUTES = DAY_MS / MINUTE_MS;
/** BigQuery does not log every job: so many are found by ticks alone [doc: reference/auditlogs]. */
const UNLOGGED_PART = 0.05;

/** All jobs of the day, by the time of their creation. The same seed, the same jobs. */
export function planDay(seed: number): readonly PlannedJob[] {
  const planned = [...ORDINARY, ...INCIDENTS, ...FAILURES, ...SECRETS].flatMap((kind, index) =>
    // Each kind has dice of its own: a change of one leaves the others' jobs as they are.
    jobsOfKind(kind, diceOf(Math.imul(seed + 1, 7_919) + index)),
  );
  return planned.toSorted((a, b) => a.createdAtMs - b.createdAtMs || a.jobId.localeCompare(b.jobId));
}

function jobsOfKind(kind: Kind, dice: Dice): readonly PlannedJob[] {
  const drawn = Array.from({ length: kind.perDay }, () => minuteOf(kind.when, dice));
  const starts = [...(kind.also ?? []), ...drawn].sort((a, b) => a - b);
  return starts
    .map((minute, index) => ({
      ...kind.draw(dice),
      ...(kind.failures !== undefined && { failures: kind.failures }),
      jobId: `${kind.name}_${String(index + 1).padStart(3, '0')}`,
      createdAtMs: DAY_STARTS_MS + Math.round(minute * MINUTE_MS),
      emitEntries: dice.next() >= UNLOGGED_PART,
    }))
    .filter((job) => endOf(job) > DAY_STARTS_MS);
}

/** The minute of the day in which a job is created; out of its hours only now and then. */
function minuteOf(when: Kind['when'], dice: Dice): number {
  for (;;) {
    const minute = dice.between(-BEFORE_MINUTES, DAY_MINUTES);
    const hour = (new Date(DAY_STARTS_MS).getUTCHours() + Math.floor(minute / 60) + 24) % 24;
    if (isHour(when, hour) || dice.next() < 0.08) return minute;
  }
}

function isHour(when: Kind['when'], hour: number): boolean {
  switch (when) {
    case 'always':
      return true;
    case 'office-hours':
      return hour >= 8 && hour < 19;
    case 'night':
      return hour >= 20 || hour < 6;
  }
}

/** When it ends if nobody stops it. */
function endOf({ createdAtMs, pendingMs = 0, runMs, children = [] }: PlannedJob): number {
  const childrenMs = children.reduce((sum, child) => sum + (child.runMs ?? 0), 0);
  return createdAtMs + pendingMs + (runMs ?? childrenMs);
}
