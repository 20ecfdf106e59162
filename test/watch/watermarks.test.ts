import { expect, test } from 'vitest';
import type { Job } from '../../shared/job/job.ts';
import type { SweepMark } from '../../shared/ledger/ledger.ts';
import { earliestMs, isDue, mayBeHidden, movedTo, OVERLAP_MS } from '../../shared/watch/watermarks.ts';

const mark = (watermarkMs: number, behind: Record<string, number> = {}): SweepMark => ({
  watermarkMs,
  behind: new Map(Object.entries(behind)),
});
const MOVES: readonly {
  readonly name: string;
  readonly before: SweepMark;
  readonly reachedMs: number;
  readonly away?: readonly string[];
  readonly after: SweepMark;
}[] = [
  { name: 'goes on', before: mark(10), reachedMs: 20, after: mark(20) },
  { name: 'does not go back', before: mark(10), reachedMs: 5, after: mark(10) },
  {
    name: 'leaves behind a location that is away',
    before: mark(10),
    reachedMs: 20,
    away: ['EU'],
    after: mark(20, { EU: 10 }),
  },
  {
    name: 'leaves it where it was first away',
    before: mark(20, { EU: 10 }),
    reachedMs: 30,
    away: ['EU'],
    after: mark(30, { EU: 10 }),
  },
  {
    name: 'catches up step by step',
    before: mark(30, { EU: 10 }),
    reachedMs: 20,
    after: mark(30, { EU: 20 }),
  },
  {
    name: 'forgets a location that has caught up',
    before: mark(30, { EU: 10 }),
    reachedMs: 40,
    after: mark(40),
  },
  {
    name: 'moves no other that is away',
    before: mark(30, { EU: 10, x: 5 }),
    reachedMs: 40,
    away: ['x'],
    after: mark(40, { x: 5 }),
  },
  {
    name: 'takes all for away when it is not told which',
    before: mark(30, { EU: 10 }),
    reachedMs: 40,
    away: ['unknown'],
    after: mark(40, { EU: 10, unknown: 30 }),
  },
];

test.each(MOVES)('the watermark $name', ({ before, reachedMs, away = [], after }) => {
  expect(movedTo(before, reachedMs, new Set(away))).toEqual(after);
});

test.each([
  { behind: {}, away: [], expected: 100 },
  { behind: { EU: 50 }, away: [], expected: 50 },
  { behind: { EU: 50 }, away: ['EU'], expected: 100 },
  { behind: { EU: 50 }, away: ['unknown'], expected: 100 },
  { behind: { EU: 50, x: 20 }, away: ['x'], expected: 50 },
])('a sweep begins at $expected of $behind while $away is away', ({ behind, away, expected }) => {
  expect(earliestMs(mark(100, behind), new Set(away))).toBe(expected);
});

test.each([
  { name: 'created after the watermark less the overlap', atMs: 100, location: 'US', due: true },
  { name: 'created a millisecond before', atMs: 99, location: 'US', due: false },
  { name: 'of a location that is back', atMs: 50, location: 'EU', due: true },
  { name: 'of it, and older', atMs: 49, location: 'EU', due: false },
  { name: 'of which nobody knows when it was created', atMs: undefined, location: 'US', due: true },
  { name: 'of which nobody knows where it is', atMs: 50, location: undefined, due: true },
])('a job $name is due: $due', ({ atMs, location, due }) => {
  const job: Job = {
    name: { projectId: 'p', jobId: 'j', ...(location !== undefined && { location }) },
    state: 'DONE',
    ...(atMs !== undefined && { creationTimeMs: atMs }),
  };
  const late = mark(100 + OVERLAP_MS, { EU: 50 + OVERLAP_MS });
  expect(isDue(job, late, new Set())).toBe(due);
});

test.each([
  { location: 'us', away: ['US'], hidden: true },
  { location: 'US', away: ['EU'], hidden: false },
  { location: 'US', away: ['unknown'], hidden: true },
  { location: undefined, away: ['EU'], hidden: true },
  { location: undefined, away: [], hidden: false },
])('a job of $location may be hidden while $away is away: $hidden', ({ location, away, hidden }) => {
  const name = { projectId: 'p', jobId: 'j', ...(location !== undefined && { location }) };
  expect(mayBeHidden(name, new Set(away))).toBe(hidden);
});
