import { DAY_STARTS_MS } from '../../demo/day.ts';
import type { Summary } from '../../demo/summary.ts';

export const HOUR_MS = 3_600_000;

/** Of a morning. */
export const SUMMARY: Summary = {
  seed: 7,
  fromMs: DAY_STARTS_MS,
  toMs: DAY_STARTS_MS + 3 * HOUR_MS,
  meantToMs: DAY_STARTS_MS + 3.1 * HOUR_MS,
  untilMs: DAY_STARTS_MS + 24 * HOUR_MS,
  rows: [
    { name: 'interactive-runtime', judged: 54, count: (step) => (step === 'cancelled' ? 12 : 0) },
    { name: 'all', judged: 131, count: (step) => (step === 'cancelled' ? 12 : 1) },
  ],
  retryRows: [{ name: 'transient-failures', judged: 9, count: (step) => (step === 'recovered' ? 7 : 0) }],
  purgeRows: [{ name: 'secrets-in-sql', judged: 81, count: (step) => (step === 'purged' ? 5 : 0) }],
  certificates: { count: 5, jobs: 7 },
  jobs: { ofDay: 135, seen: 131, unfinished: 20 },
  money: {
    spending: { spentUsd: 1_234.5, upToUsd: 62.504, unknown: 2 },
    saved: {
      jobs: 11,
      runMs: 102.4 * HOUR_MS,
      slotMs: 34_100 * HOUR_MS,
      upToUsd: 98_765.4321,
      unknownCost: 4,
      endless: 3,
      unstarted: 1,
    },
  },
  calls: new Map([['jobs.list', 1_172]]),
  warnings: new Map(),
};
