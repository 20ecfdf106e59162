import { formatJobName } from '../shared/job/job-name.ts';
import type { HistoryRange } from '../shared/watch/history-range.ts';
import type { SurveyedJob } from '../shared/watch/purge-survey.ts';
import { count } from './count.ts';
import { isoTime } from './job-view.ts';
import type { PurgeTally } from './purge-tally.ts';
import { table } from './table.ts';

/** More groups than fit a screen are summed up. */
const MOST_GROUPS = 40;

/** The survey for programs. */
export function tallyToJson(projectId: string, { fromMs, toMs }: HistoryRange, tally: PurgeTally) {
  return {
    project: projectId,
    from: isoTime(fromMs),
    to: isoTime(toMs),
    looked: tally.looked,
    wouldPurge: tally.wanted.length,
    kept: Object.fromEntries(tally.kept),
    observed: tally.observed,
    undecided: tally.undecided,
    unreadable: tally.failures,
    groups: tally.groups(),
    jobs: tally.wanted.map(jobToJson),
  };
}

function jobToJson({ name, principal, children, finding: { policy, because } }: SurveyedJob) {
  const found = because.map(({ detector, field }) => ({ detector, field }));
  return { job: formatJobName(name), principal, policy, children, found };
}

/** How many, of whom, by which detector; and what is left alone. */
export function printTally(projectId: string, { fromMs, toMs }: HistoryRange, tally: PurgeTally): string {
  const groups = tally.groups();
  const rows = groups
    .slice(0, MOST_GROUPS)
    .map(({ jobs, policy, detectors, principal }) => [String(jobs), policy, detectors, principal]);
  const more = groups.slice(MOST_GROUPS).reduce((sum, { jobs }) => sum + jobs, 0);
  const jobs = count(tally.looked, 'job', 'jobs');
  const would = tally.wanted.length;
  return [
    ...(rows.length > 0 ? [table(['JOBS', 'POLICY', 'DETECTORS', 'PRINCIPAL'], rows)] : []),
    ...(more > 0 ? [`and ${more} of others`] : []),
    `${jobs} of ${projectId} created from ${isoTime(fromMs)} to ${isoTime(toMs)}: ${would} would be purged`,
    ...leftAlone(tally),
  ].join('\n');
}

const KEPT: ReadonlyMap<string, string> = new Map([
  ['held', 'on legal hold'],
  ['holds-unreadable', 'kept, for what is on hold cannot be read'],
  ['retry-pending', 'kept until their retry is over'],
  ['stopped', 'kept, for a person stopped all acts (bq-watchdog resume)'],
  ['not-due', 'sensitive, and not due yet'],
  ['not-whole', 'sensitive, with children that run still or are not listed yet'],
  ['too-many-children', 'kept, for they have too many children'],
]);

function leftAlone({ kept, observed, undecided, failures }: PurgeTally): readonly string[] {
  const lines = [...kept].map(([by, jobs]) => `${jobs} ${KEPT.get(by) ?? by}`);
  if (observed > 0) lines.push(`${observed} of policies that only observe (mode: observe)`);
  if (undecided > 0) lines.push(`${undecided} undecided, for BigQuery does not tell enough of them`);
  if (failures > 0) lines.push(`${failures} times something could not be read, of which stderr tells`);
  return lines;
}

/** How it went, in the end. */
export function printDone(would: number, outcomes: ReadonlyMap<string, number>): string {
  const others = [...outcomes].filter(([outcome]) => outcome !== 'purged');
  const rest = others.map(([outcome, jobs]) => `, ${jobs} ${outcome}`).join('');
  return `${outcomes.get('purged') ?? 0} of ${would} purged${rest}; bq-watchdog certificates lists them, and docs/purge.md says which copies remain`;
}
