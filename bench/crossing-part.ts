import type { Measure, Part, Target } from './part.ts';
import { type Crossing, playCrossings } from './played-crossings.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const WITHIN: Target = { of: 'p99', side: 'at most', bound: 2_000 };

interface Row extends Crossing, Pick<Measure, 'what' | 'note'> {}

const ROWS: readonly Row[] = [
  {
    what: 'by event: runtime of 30 s',
    by: 'event',
    limit: 'runtime: 30s',
    job: (crossesAtMs) => ({ createdAtMs: crossesAtMs - 30 * SECOND_MS }),
  },
  {
    what: 'by event: estimated bytes, crossed when the job starts',
    by: 'event',
    limit: 'estimatedBytes: 1 TiB',
    job: (crossesAtMs) => ({ createdAtMs: crossesAtMs, estimatedBytes: 2 * 1_024 ** 4 }),
    timedFrom: 'arrival of the entry',
    note: 'from the arrival of the entry',
  },
  {
    what: 'by tick: runtime of 30 min',
    by: 'tick',
    limit: 'runtime: 30m',
    job: (crossesAtMs) => ({ createdAtMs: crossesAtMs - 30 * MINUTE_MS }),
  },
  {
    what: 'by tick: pending for 10 min',
    by: 'tick',
    limit: 'pending: 10m',
    job: (crossesAtMs) => ({
      createdAtMs: crossesAtMs - 10 * MINUTE_MS,
      pendingMs: Number.POSITIVE_INFINITY,
    }),
  },
  {
    what: 'by tick: slot time of 10 h, at a steady 100 slots',
    by: 'tick',
    limit: 'slotTime: 10h',
    job: (crossesAtMs) => ({ createdAtMs: crossesAtMs - 6 * MINUTE_MS, slots: 100 }),
    note: 'a tick comes every 60 s',
  },
];

/** Part (c): how long a job runs on after it has crossed its limit. */
export const crossingPart: Part = {
  letter: 'c',
  title: 'From a limit’s crossing to the cancel call',
  async measure({ quick, progress }) {
    const measures: Measure[] = [];
    for (const [index, row] of ROWS.entries()) {
      const { what, note } = row;
      progress(what);
      const values = await playCrossings(row, quick ? 20 : 500, index + 1);
      measures.push({ what, unit: 'virtual ms', values, target: WITHIN, ...(note && { note }) });
    }
    return measures;
  },
};
