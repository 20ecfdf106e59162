import { JobsApiError } from '../../shared/bigquery/errors.ts';
import type { JobsReader } from '../../shared/bigquery/jobs-client.ts';
import type { Policies } from '../../shared/policy/policy.ts';
import { scan } from '../../shared/watch/scan.ts';
import { ScanBreakers } from '../../shared/watch/scan-breakers.ts';
import { type DefineCommand, type FormatOptions, formatOption } from '../command.ts';
import { type EndpointOptions, endpointOption, openJobsReader } from '../jobs-client.ts';
import {
  asEnforcedOption,
  neededPolicies,
  type PoliciesOptions,
  policiesOption,
} from '../policies-option.ts';
import { neededProjects, type ProjectsOptions, projectsOption } from '../project-option.ts';
import { ScanReport } from '../scan-report.ts';
import type { ExitCode, Terminal } from '../terminal.ts';

type ScanOptions = FormatOptions & EndpointOptions & PoliciesOptions & ProjectsOptions;

/** How long one project may take. */
const PROJECT_WITHIN_MS = 600_000;

export const defineScan: DefineCommand = (program, run) => {
  program
    .command('scan')
    .summary('what would be done right now')
    .description(
      'Judges the pending and running jobs of projects as a sweep would, and prints what it finds as it comes. ' +
        'It only reads. Exits 1 when the watchdog would act, a breaker would trip, or something could not be read.',
    )
    .addOption(policiesOption())
    .addOption(asEnforcedOption())
    .addOption(projectsOption())
    .addOption(endpointOption())
    .addOption(formatOption())
    .action((options: ScanOptions) => run(options.format, (terminal) => scanAll(options, terminal), 'list'));
};

async function scanAll(options: ScanOptions, terminal: Terminal): Promise<ExitCode> {
  const projects = neededProjects(options, terminal);
  const policies = await neededPolicies(options, terminal);
  const reader = openJobsReader(options, terminal);
  const report = new ScanReport(options.format, projects.length, terminal);
  const breakers = new ScanBreakers(policies);
  for (const projectId of projects) await scanOne(projectId, policies, reader, breakers, report, terminal);
  return report.end();
}

/** A project that cannot be listed keeps nobody from scanning the others. */
async function scanOne(
  projectId: string,
  policies: Policies,
  jobs: JobsReader,
  breakers: ScanBreakers,
  report: ScanReport,
  { clock }: Terminal,
): Promise<void> {
  const span = { deadlineAtMs: clock.now() + PROJECT_WITHIN_MS };
  let total: number | undefined;
  try {
    for await (const scanned of scan(projectId, policies, span, { jobs, clock })) {
      // What would be done about it, the breakers say once all are known.
      if (scanned.kind === 'job' && scanned.sight.verdict.act) breakers.count(scanned.sight);
      if (scanned.kind === 'done') total = scanned.jobs;
      report.tell(projectId, scanned);
    }
  } catch (error) {
    if (!(error instanceof JobsApiError)) throw error;
    report.fail({ project: projectId }, error);
  }
  report.settle(projectId, breakers.settle(total));
}
