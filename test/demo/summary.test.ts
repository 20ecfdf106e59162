import { expect, test } from 'vitest';
import { DAY_STARTS_MS } from '../../demo/day.ts';
import { formatSummary } from '../../demo/summary.ts';
import { HOUR_MS, SUMMARY } from './summaries.ts';

test('the summary says what was seen and what it cost, what became of it by policy, and what would have run on', () => {
  expect(formatSummary(SUMMARY)).toBe(
    [
      'Mon 08:00 to Mon 11:00 of a simulated day (seed 7); all times and durations are simulated.',
      'Jobs seen: 131 of the 135 there were; 20 have not ended yet.',
      'What they cost: 1,234.50 USD; those that run come to up to 62.50 USD more.',
      '  Unknown, and in no sum: the cost of 2 jobs.',
      '',
      'policy               judged  warned  observed  cancelled  ended first  could not cancel  undecided',
      'interactive-runtime      54       ·         ·         12            ·                 ·          ·',
      'all                     131       1         1         12            1                 1          1',
      '',
      'policy with retry   failed  observed  to be retried  retried  recovered  gave up  refused',
      'transient-failures       9         ·              ·        ·          7        ·        ·',
      '',
      'policy with purge  ended  observed  purged  could not purge  not found',
      'secrets-in-sql        81         ·       5                ·          ·',
      'Certificates in the ledger: 5, of 7 jobs with their children.',
      '',
      'Without the watchdog: 11 cancelled jobs would have run on for 102 h, using 34,100 slot-hours more.',
      '  They would have cost up to 98,765.43 USD more; BigQuery may bill a cancelled query in full, the simulator bills what it read.',
      '  Unknown, and not counted: what 4 of them would have cost.',
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
  const saved = { jobs: 0, runMs: 0, slotMs: 0, upToUsd: 0, unknownCost: 0, endless: 0, unstarted: 0 };
  const money = { spending: { spentUsd: 0, upToUsd: 0, unknown: 0 }, saved };
  const text = formatSummary({ ...SUMMARY, money });
  expect(text).toContain('Nothing was cancelled, so nothing was saved.');
  expect(text).toContain('What they cost: 0.00 USD.\n');
  expect(text).not.toContain('nknown');
});

test('a file without retries has no table of them', () => {
  expect(formatSummary({ ...SUMMARY, retryRows: [] })).not.toContain('retr');
});

test('a file without purges has no table of them, and no certificates', () => {
  expect(formatSummary({ ...SUMMARY, purgeRows: [] })).not.toMatch(/purge|ertificate/);
});
