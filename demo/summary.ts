import type { JobStep } from '../shared/alert/alert.schema.ts';
import { dollars } from './dollars.ts';
import type { Money } from './money.ts';
import { dayTime } from './times.ts';

/** One line of the table: a policy, or all of them. Numbers are of jobs. */
export interface SummaryRow {
  readonly name: string;
  readonly judged: number;
  count(step: JobStep): number;
}

export interface Summary {
  readonly seed: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** Up to when the day would have come on a machine that keeps up. */
  readonly meantToMs: number;
  readonly rows: readonly SummaryRow[];
  /** Of policies that retry: judged are the jobs that failed as they answer. */
  readonly retryRows: readonly SummaryRow[];
  /** Of policies that purge: judged are the jobs that ended and that may be sensitive, by what a list tells. */
  readonly purgeRows: readonly SummaryRow[];
  /** How many certificates of purges the ledger holds, and of how many jobs, children counted. */
  readonly certificates: { readonly count: number; readonly jobs: number };
  readonly jobs: { readonly ofDay: number; readonly seen: number; readonly unfinished: number };
  readonly money: Money;
  /** Up to when a job is counted that would never have ended. */
  readonly untilMs: number;
  readonly calls: ReadonlyMap<string, number>;
  readonly warnings: ReadonlyMap<string, number>;
}

type Column = readonly [title: string, step: JobStep];

const COLUMNS: readonly Column[] = [
  ['warned', 'warned'],
  ['observed', 'observed'],
  ['cancelled', 'cancelled'],
  ['ended first', 'ended-first'],
  ['could not cancel', 'could-not-cancel'],
  ['undecided', 'undecided'],
];

const RETRY_COLUMNS: readonly Column[] = [
  ['observed', 'observed'],
  ['to be retried', 'retry-scheduled'],
  ['retried', 'retried'],
  ['recovered', 'recovered'],
  ['gave up', 'gave-up'],
  ['refused', 'retry-refused'],
];

const PURGE_COLUMNS: readonly Column[] = [
  ['observed', 'observed'],
  ['purged', 'purged'],
  ['could not purge', 'could-not-purge'],
  ['not found', 'not-found'],
];

export function formatSummary(summary: Summary): string {
  const { seed, fromMs, toMs, jobs } = summary;
  return [
    `${dayTime(fromMs)} to ${dayTime(toMs)} of a simulated day (seed ${seed}); all times and durations are simulated.`,
    `Jobs seen: ${jobs.seen} of the ${jobs.ofDay} there were; ${jobs.unfinished} have not ended yet.`,
    ...spent(summary),
    ...lag(summary),
    '',
    ...table(['policy', 'judged'], COLUMNS, summary.rows),
    '',
    ...retries(summary.retryRows),
    ...purges(summary),
    ...withoutIt(summary),
    `Calls to BigQuery: ${counts(summary.calls)}.`,
    ...(summary.warnings.size === 0 ? [] : [`The function logged, besides: ${counts(summary.warnings)}.`]),
    '',
  ].join('\n');
}

function retries(rows: readonly SummaryRow[]): readonly string[] {
  return rows.length === 0 ? [] : [...table(['policy with retry', 'failed'], RETRY_COLUMNS, rows), ''];
}

function purges({ purgeRows, certificates: { count, jobs } }: Summary): readonly string[] {
  if (purgeRows.length === 0) return [];
  return [
    ...table(['policy with purge', 'ended'], PURGE_COLUMNS, purgeRows),
    `Certificates in the ledger: ${count}, of ${plural(jobs, 'job')} with their children.`,
    '',
  ];
}

function table(
  first: readonly [string, string],
  columns: readonly Column[],
  rows: readonly SummaryRow[],
): readonly string[] {
  const lines = [
    [...first, ...columns.map(([title]) => title)],
    ...rows.map((row) => [
      row.name,
      String(row.judged),
      ...columns.map(([, step]) => String(row.count(step) || '·')),
    ]),
  ];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) =>
    line
      .map((cell, column) => {
        const width = widths?.[column] ?? 0;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  '),
  );
}

const HOUR_MS = 3_600_000;
/** Less than this, of the part of the day that was meant to pass, is nothing to speak of. */
const LEAST_LAG = 0.05;
const LEAST_LAG_MS = 300_000;

function lag({ fromMs, toMs, meantToMs }: Summary): readonly string[] {
  const lagMs = meantToMs - toMs;
  if (lagMs < LEAST_LAG_MS || lagMs < LEAST_LAG * (meantToMs - fromMs)) return [];
  return [
    `This machine could not keep up: the day came to ${dayTime(toMs)} instead of ${dayTime(meantToMs)}, for its clock`,
    '  waits while the machine is busy, lest every job seem to overrun. A larger --seconds lets it keep up.',
  ];
}

function spent({ money }: Summary): readonly string[] {
  const { spentUsd, upToUsd, unknown } = money.spending;
  const toCome = upToUsd > 0 ? `; those that run come to up to ${dollars(upToUsd)} more` : '';
  return [
    `What they cost: ${dollars(spentUsd)}${toCome}.`,
    ...(unknown > 0 ? [`  Unknown, and in no sum: the cost of ${plural(unknown, 'job')}.`] : []),
  ];
}

function withoutIt({ money: { saved }, untilMs }: Summary): readonly string[] {
  if (saved.jobs + saved.unstarted === 0) return ['Nothing was cancelled, so nothing was saved.'];
  const { endless, unstarted, unknownCost } = saved;
  const lines = [
    `Without the watchdog: ${plural(saved.jobs, 'cancelled job')} would have run on for ${hours(saved.runMs)} h, using ${hours(saved.slotMs)} slot-hours more.`,
    `  They would have cost up to ${dollars(saved.upToUsd)} more; BigQuery may bill a cancelled query in full, the simulator bills what it read.`,
  ];
  if (unknownCost > 0) lines.push(`  Unknown, and not counted: what ${unknownCost} of them would have cost.`);
  if (endless > 0)
    lines.push(`  ${endless} of them would never have ended: counted up to ${dayTime(untilMs)}.`);
  if (unstarted > 0) lines.push(`  ${unstarted} more had not started yet: not counted.`);
  return lines;
}

/** Grouped in threes, whatever the machine's language. */
function hours(ms: number): string {
  return Math.round(ms / HOUR_MS).toLocaleString('en-US');
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function counts(of: ReadonlyMap<string, number>): string {
  return [...of].map(([name, count]) => `${count.toLocaleString('en-US')} × ${name}`).join(', ');
}
