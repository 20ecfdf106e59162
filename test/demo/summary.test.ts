import { expect, test } from 'vitest';
import { DAY_STARTS_MS } from '../../demo/day.ts';
import { formatSummary, type Summary } from '../../demo/summary.ts';

const HOUR_MS = 3_600_000;

const SUMMARY: Summary = {
  seed: 7,
  fromMs: DAY_STARTS_MS,
  toMs: DAY_STARTS_MS + 3 * HOUR_MS,
  meantToMs: DAY_STARTS_MS + 3.1 * HOUR_MS,
  untilMs: DAY_STARTS_MS + 24 * HOUR_MS,
  rows: [
    { name: 'interactive-runtime', judged: 54, count: (step) => (step === 'cancelled' ? 12 : 0) },
    { name: 'all', judged: 131, count: (step) => (step === 'cancelled' ? 12 : 1) },
  ],
  jobs: { ofDay: 135, seen: 131, unfinished: 20 },
  saved: { jobs: 11, runMs: 102.4 * HOUR_MS, slotMs: 34_100 * HOUR_MS, endless: 3, unstarted: 1 },
  calls: new Map([['jobs.list', 1_172]]),
  warnings: new Map(),
};

test('the summary says what was seen, what became of it by policy, and what would have run on', () => {
  expect(formatSummary(SUMMARY)).toBe(
    [
      'Mon 08:00 to Mon 11:00 of a simulated day (seed 7); all times and durations are simulated.',
      'Jobs seen: 131 of the 135 there were; 20 have not ended yet.',
      '',
      'policy               judged  warned  observed  cancelled  ended first  could not cancel  undecided',
      'interactive-runtime      54       ·         ·         12            ·                 ·          ·',
      'all                     131       1         1         12            1                 1          1',
      '',
      'Without the watchdog: 11 cancelled jobs would have run on for 102 h, using 34,100 slot-hours more.',
      '  3 of them would never have ended: counted up to Tue 08:00.',
      '  1 more had not started yet: not counted.',
      'Calls to BigQuery: 1,172 × jobs.list.',
      '',
    ].join('\n'),
  );
});

test('a machine that could not keep up is said so, and why', () => {
  const behind = formatSummary({ ...SUMMARY, meantToMs: DAY_STARTS_MS + 6 * HOUR_MS });
  expect(behind).toContain(
    'could not keep up: the day came to Mon 11:00 instead of Mon 14:00, for its clock',
  );
  expect(formatSummary(SUMMARY)).not.toContain('keep up');
});

test('when nothing was cancelled, nothing is claimed to be saved', () => {
  const saved = { jobs: 0, runMs: 0, slotMs: 0, endless: 0, unstarted: 0 };
  expect(formatSummary({ ...SUMMARY, saved })).toContain('Nothing was cancelled, so nothing was saved.');
});
