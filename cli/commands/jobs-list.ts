import { InvalidArgumentError, Option } from 'commander';
import type { JobsReader, ListQuery } from '../../shared/bigquery/jobs-client.ts';
import { methodFacts } from '../../shared/bigquery/methods.ts';
import type { Job } from '../../shared/job/job.ts';
import { formatJobName } from '../../shared/job/job-name.ts';
import { nearestWord } from '../../shared/policy/nearest.ts';
import { asArgument, type DefineCommand, type FormatOptions, formatOption, printResult } from '../command.ts';
import { count } from '../count.ts';
import { isoTime, jobToJson, printRuntime } from '../job-view.ts';
import { type EndpointOptions, endpointOption, openJobsReader } from '../jobs-client.ts';
import { parseMoment } from '../moment.ts';
import { neededProject, type ProjectOptions, projectOption } from '../project-option.ts';
import { table } from '../table.ts';
import { type ExitCode, FINE, type Terminal } from '../terminal.ts';

type State = ListQuery['states'][number];

interface ListOptions extends FormatOptions, EndpointOptions, ProjectOptions {
  readonly all?: boolean;
  readonly minCreationTime?: number;
  readonly maxCreationTime?: number;
  readonly maxResults: number;
  readonly state: readonly State[];
}

/** As `bq ls -j` has it [manage-jobs]. */
const USUAL_RESULTS = 50;
const LARGEST_PAGE = 500;
const LIST_WITHIN_MS = 300_000;

export const defineJobsList: DefineCommand = (jobs, run) => {
  jobs
    .command('list')
    .summary('the jobs of a project')
    .description('Lists jobs of a project, newest first: your own, or with --all those of everybody.')
    .addOption(projectOption())
    .option('--all', 'of all users (needs bigquery.jobs.listAll)')
    .addOption(momentOption('--min-creation-time', 'only jobs created at or after TIME'))
    .addOption(momentOption('--max-creation-time', 'only jobs created at or before TIME'))
    .option('-n, --max-results <count>', 'at most so many', readCount, USUAL_RESULTS)
    .addOption(
      new Option('--state <state>', 'only jobs of this state: pending, running or done (can be repeated)')
        .argParser(addState)
        .default([], 'any'),
    )
    .addOption(endpointOption())
    .addOption(formatOption())
    .action((options: ListOptions) => run(options.format, (terminal) => list(options, terminal)));
};

function momentOption(flag: string, description: string): Option {
  return new Option(
    `${flag} <time>`,
    `${description}: milliseconds since 1970, or such as 2026-11-24T08:00:00Z`,
  ).argParser(asArgument(parseMoment));
}

function readCount(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new InvalidArgumentError('expected a whole number from 1 to 999999');
  return Number(text);
}

function addState(text: string, before: readonly State[]): readonly State[] {
  const state = text.toLowerCase();
  if (state === 'pending' || state === 'running' || state === 'done')
    return [...new Set<State>([...before, state])];
  const nearest = nearestWord(state, ['pending', 'running', 'done']);
  const meant = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
  throw new InvalidArgumentError(`"${text}" is no state; allowed: pending, running, done${meant}`);
}

async function list(options: ListOptions, terminal: Terminal): Promise<ExitCode> {
  const projectId = neededProject(options, terminal);
  const settings = {
    // One more than is shown tells whether there are more.
    pageSize: Math.min(LARGEST_PAGE, options.maxResults + 1),
    ownOnly: options.all !== true,
  };
  const reader = openJobsReader(options, terminal, settings);
  const found = await collect(reader, projectId, options, terminal);
  const { jobs, more, unreachable, unreadable } = found;
  if (unreachable.length > 0) {
    terminal.err(`locations that did not answer, whose jobs are not listed: ${unreachable.join(', ')}`);
  }
  if (unreadable > 0) terminal.err(`items that are no readable jobs and are not listed: ${unreadable}`);
  const redacted = jobs.filter(isRedacted).length;
  if (redacted > 0) terminal.err(tellRedacted(redacted, projectId));
  const nowMs = terminal.clock.now();
  const told = jobs.map((job) => ({ ...jobToJson(job, nowMs), ...(isRedacted(job) && { redacted: true }) }));
  const result = { project: projectId, more, unreachable, unreadable, redacted, jobs: told };
  printResult(terminal, options.format, result, () => print(jobs, more, nowMs));
  return FINE;
}

/**
 * Who may list a project's jobs without `listAll` gets those of others without who runs them and what they do.
 * BigQuery does not say so; a full list names who runs every other job [bigquery-facts: Jobs API].
 */
function isRedacted({ principal }: Job): boolean {
  return principal === undefined;
}

function tellRedacted(redacted: number, projectId: string): string {
  const rows = count(redacted, 'job is listed without its', 'jobs are listed without their');
  const { permission, role } = methodFacts('list');
  return `warning: ${rows} principal and configuration, for you may not see jobs of others in ${projectId}: grant ${permission} on the project, which ${role} has`;
}

interface Found {
  readonly jobs: readonly Job[];
  readonly more: boolean;
  readonly unreachable: readonly string[];
  readonly unreadable: number;
}

async function collect(
  reader: JobsReader,
  projectId: string,
  { state, minCreationTime, maxCreationTime, maxResults }: ListOptions,
  { clock }: Terminal,
): Promise<Found> {
  const query: ListQuery = {
    projectId,
    states: state,
    ...(minCreationTime !== undefined && { minCreationTimeMs: minCreationTime }),
    ...(maxCreationTime !== undefined && { maxCreationTimeMs: maxCreationTime }),
  };
  const jobs: Job[] = [];
  const unreachable = new Set<string>();
  let unreadable = 0;
  for await (const page of reader.list(query, { deadlineAtMs: clock.now() + LIST_WITHIN_MS })) {
    jobs.push(...page.jobs);
    unreadable += page.brokenItems.length;
    for (const location of page.unreachable) unreachable.add(location);
    if (jobs.length > maxResults) break;
  }
  return {
    jobs: jobs.slice(0, maxResults),
    more: jobs.length > maxResults,
    unreachable: [...unreachable],
    unreadable,
  };
}

function print(jobs: readonly Job[], more: boolean, nowMs: number): string {
  if (jobs.length === 0) return 'no such jobs';
  const rows = jobs.map((job) => [
    formatJobName(job.name),
    job.type ?? '',
    job.error ? `${job.state} (${job.error.reason ?? 'failed'})` : job.state,
    isoTime(job.creationTimeMs) ?? '',
    printRuntime(job, nowMs),
    job.principal ?? '',
  ]);
  const told = table(['JOB', 'TYPE', 'STATE', 'CREATED', 'RUNTIME', 'PRINCIPAL'], rows);
  return more ? `${told}\nThere are more: ask for them with --max-results` : told;
}
