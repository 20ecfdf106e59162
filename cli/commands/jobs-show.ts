import type { Job } from '../../shared/job/job.ts';
import { type DefineCommand, type FormatOptions, formatOption, printResult } from '../command.ts';
import { JOB_ARGUMENT, type JobArgumentOptions, jobArgument, locationOption } from '../job-argument.ts';
import { jobToJson, printRuntime } from '../job-view.ts';
import { type EndpointOptions, endpointOption, openJobsReader } from '../jobs-client.ts';
import { projectOption } from '../project-option.ts';
import { type ExitCode, FINE, type Terminal } from '../terminal.ts';

type ShowOptions = FormatOptions & EndpointOptions & JobArgumentOptions;

const GET_WITHIN_MS = 60_000;

export const defineJobsShow: DefineCommand = (jobs, run) => {
  jobs
    .command('show')
    .summary('what BigQuery tells of a job')
    .description('Shows a job as the watchdog sees it. Query text and error messages are not printed.')
    .argument('<job>', JOB_ARGUMENT)
    .addOption(projectOption())
    .addOption(locationOption())
    .addOption(endpointOption())
    .addOption(formatOption())
    .action((job: string, options: ShowOptions) =>
      run(options.format, (terminal) => show(job, options, terminal)),
    );
};

async function show(text: string, options: ShowOptions, terminal: Terminal): Promise<ExitCode> {
  const name = jobArgument(text, options, terminal);
  const reader = openJobsReader(options, terminal);
  const { job } = await reader.get(name, { deadlineAtMs: terminal.clock.now() + GET_WITHIN_MS });
  const nowMs = terminal.clock.now();
  printResult(terminal, options.format, jobToJson(job, nowMs), () => print(job, nowMs));
  return FINE;
}

/** One line per thing that BigQuery told, under the names of `--format json`; the runtime as people read it. */
function print(job: Job, nowMs: number): string {
  const { runtimeMs, ...facts } = jobToJson(job, nowMs);
  const shown = { ...facts, runtime: runtimeMs === undefined ? undefined : printRuntime(job, nowMs) };
  const told = Object.entries(shown).filter(([, value]) => value !== undefined);
  const width = Math.max(...told.map(([key]) => key.length));
  return told.map(([key, value]) => `${key.padEnd(width)}  ${printValue(value)}`).join('\n');
}

function printValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '(none)' : value.join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, text]) => `${key}=${String(text)}`)
    .join(', ');
}
