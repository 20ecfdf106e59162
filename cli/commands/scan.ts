import { JobsApiError } from '../../shared/bigquery/errors.ts';
import type { JobsReader } from '../../shared/bigquery/jobs-client.ts';
import { formatJobName } from '../../shared/job/job-name.ts';
import type { Policies } from '../../shared/policy/policy.ts';
import { type Scanned, scan } from '../../shared/watch/scan.ts';
import { ScanBreakers } from '../../shared/watch/scan-breakers.ts';
import { type DefineCommand, type FormatOptions, formatOption } from '../command.ts';
import { count } from '../count.ts';
import { adviceOf } from '../errors.ts';
import { foundLines, printFound } from '../finding-view.ts';
import { type EndpointOptions, endpointOption, openJobsReader } from '../jobs-client.ts';
import { JsonList } from '../json-list.ts';
import { neededPolicies, type PoliciesOptions, policiesOption } from '../policies-option.ts';
import { Progress } from '../progress.ts';
import { neededProjects, type ProjectsOptions, projectsOption } from '../project-option.ts';
import { type ExitCode, FINDINGS, FINE, type Terminal } from '../terminal.ts';

type ScanOptions = FormatOptions & EndpointOptions & PoliciesOptions & ProjectsOptions;

/** How long one project may take. */
const PROJECT_WITHIN_MS = 600_000;

export const defineScan: DefineCommand = (program, run) => {
  program
    .command('scan')
    .summary('what would be done right now')
    .description(
      'Judges the pending and running jobs of projects as a sweep would, and prints what it finds as it comes. ' +
        'It only reads. Exits 1 when the watchdog would act, or when something could not be read.',
    )
    .addOption(policiesOption())
    .addOption(projectsOption())
    .addOption(endpointOption())
    .addOption(formatOption())
    .action((options: ScanOptions) => run(options.format, (terminal) => scanAll(options, terminal)));
};

async function scanAll(options: ScanOptions, terminal: Terminal): Promise<ExitCode> {
  const projects = neededProjects(options, terminal);
  const policies = await neededPolicies(options, terminal);
  const reader = openJobsReader(options, terminal);
  const report = openReport(options, projects.length, terminal);
  for (const projectId of projects) await scanOne(projectId, policies, reader, report, terminal);
  return report.end();
}

/** A project that cannot be listed keeps nobody from scanning the others. */
async function scanOne(
  projectId: string,
  policies: Policies,
  jobs: JobsReader,
  report: Report,
  { clock }: Terminal,
): Promise<void> {
  const breakers = new ScanBreakers(policies);
  const span = { deadlineAtMs: clock.now() + PROJECT_WITHIN_MS };
  try {
    for await (const scanned of scan(projectId, policies, span, { jobs, clock })) {
      if (scanned.kind === 'job') breakers.count(scanned.sight);
      report.tell(projectId, scanned);
      if (scanned.kind !== 'done') continue;
      for (const { policy, why } of breakers.tripped(scanned.jobs)) {
        report.note(
          { project: projectId, policy, breaker: why },
          `breaker of ${policy} would trip in ${projectId}: ${why}`,
        );
      }
    }
  } catch (error) {
    if (!(error instanceof JobsApiError)) throw error;
    report.fail({ project: projectId }, error);
  }
}

/** Where what is found goes, as it comes. */
interface Report {
  tell(projectId: string, scanned: Scanned): void;
  note(entry: object, text: string): void;
  fail(about: object, error: JobsApiError): void;
  end(): ExitCode;
}

function openReport({ format }: ScanOptions, projects: number, terminal: Terminal): Report {
  const list = format === 'json' ? new JsonList(terminal) : undefined;
  const progress = new Progress(projects, terminal);
  let jobs = 0;
  let acts = 0;
  let failures = 0;
  const print = (entry: object, text: string, line: (text: string) => void): void => {
    progress.clear();
    if (list) list.add(entry);
    else line(text);
  };
  const fail = (entry: object, text: string): void => {
    failures++;
    print(entry, text, terminal.err);
  };
  return {
    tell: (projectId, scanned) => {
      switch (scanned.kind) {
        case 'job':
          if (scanned.sight.verdict.act) acts++;
          for (const line of foundLines(scanned.sight)) print(line, printFound(line), terminal.out);
          break;
        case 'unreachable': {
          const where = scanned.locations.join(', ');
          const entry = { project: projectId, unreachable: scanned.locations };
          fail(entry, `${projectId}: locations that did not answer, and were not scanned: ${where}`);
          break;
        }
        case 'failed': {
          const why = scanned.why === 'no-time' ? NO_TIME : scanned.why.message;
          const job = formatJobName(scanned.name);
          fail({ job, error: why }, `${job}: not judged: ${why}`);
          break;
        }
        case 'no-time':
          fail({ project: projectId, error: NO_TIME }, `${projectId}: not judged: ${NO_TIME}`);
          break;
        case 'progress':
          progress.show(`${projectId}: ${scanned.jobs} jobs, ${acts} to be acted on`);
          break;
        case 'done':
          jobs += scanned.jobs;
          progress.advance(`${jobs} jobs, ${acts} to be acted on`);
          break;
      }
    },
    note: (entry, text) => print(entry, text, terminal.out),
    fail: (about, error) => {
      const advice = adviceOf(error);
      fail(
        { ...about, error: error.message },
        advice === undefined ? `error: ${error.message}` : `error: ${error.message}\n${advice}`,
      );
    },
    end: () => {
      progress.clear();
      list?.close();
      if (!list) terminal.err(summary(jobs, acts, failures));
      return acts > 0 || failures > 0 ? FINDINGS : FINE;
    },
  };
}

const NO_TIME = "this machine's clock and BigQuery's differ by more than 30 s, or BigQuery told no time";

function summary(jobs: number, acts: number, failures: number): string {
  const failed = failures === 0 ? '' : `, and ${failures} could not be read`;
  return `${count(jobs, 'pending or running job', 'pending and running jobs')}: ${acts} would be cancelled${failed}`;
}
