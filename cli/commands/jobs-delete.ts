import type { Span } from '../../shared/enforce/ports.ts';
import type { ByHandPorts, NotPurged, PurgePlan } from '../../shared/enforce/purge-by-hand.ts';
import { formatJobName, type JobName } from '../../shared/job/job-name.ts';
import type { Certificate, Ledger } from '../../shared/ledger/ledger.ts';
import { openFilePolicies } from '../acting-policies.ts';
import { certificateToJson } from '../certificate-view.ts';
import { type DefineCommand, type FormatOptions, formatOption, printResult } from '../command.ts';
import { questionOf, type ToldDelete, tellDelete } from '../delete-view.ts';
import { UsageError } from '../errors.ts';
import { type HoldsOptions, holdsOption, openHoldsOf } from '../holds-option.ts';
import { JOB_ARGUMENT, type JobArgumentOptions, jobArgument, locationOption } from '../job-argument.ts';
import { isoTime } from '../job-view.ts';
import { type EndpointOptions, endpointOption, openJobsClient } from '../jobs-client.ts';
import { type LedgerOptions, ledgerOption, withLedger } from '../ledger-option.ts';
import { personOf } from '../person.ts';
import { namedPoliciesAddress, type PoliciesOptions, policiesOption } from '../policies-option.ts';
import { projectOption } from '../project-option.ts';
import { SILENT_LOG } from '../silent-log.ts';
import { type ExitCode, FINDINGS, type Terminal } from '../terminal.ts';
import { nosyncOption, type WaitOptions, waitOption, waitSpan } from '../wait-option.ts';
import { isYes } from '../yes.ts';

interface DeleteOptions
  extends FormatOptions,
    EndpointOptions,
    JobArgumentOptions,
    LedgerOptions,
    HoldsOptions,
    PoliciesOptions,
    WaitOptions {
  readonly yes?: boolean;
}

export const defineJobsDelete: DefineCommand = (jobs, run) => {
  jobs
    .command('delete')
    .summary("delete a job's metadata")
    .description(
      'Deletes the metadata of a job that has ended, with that of its children. Asks first, and sees that BigQuery ' +
        "knows them no more. Recorded in the functions' ledger, certified and alerted like a purge of the watchdog. " +
        'What is on hold is not deleted. Exits 1 when it was not deleted.',
    )
    .argument('<job>', JOB_ARGUMENT)
    .addOption(projectOption())
    .addOption(locationOption())
    .option('-y, --yes', 'do not ask')
    .addOption(holdsOption())
    .addOption(policiesOption())
    .addOption(nosyncOption())
    .addOption(waitOption())
    .addOption(ledgerOption())
    .addOption(endpointOption())
    .addOption(formatOption())
    .action((job: string, options: DeleteOptions) =>
      run(options.format, (terminal) => remove(job, options, terminal)),
    );
};

const NO_POLICIES_NAMED =
  'warning: it failed, and no policy file is named (--policies, WATCHDOG_POLICIES): a retry that is not in the ledger yet is not waited for';

/** What is told in the end. */
interface Result extends ToldDelete {
  readonly job: JobName;
  readonly plan?: PurgePlan;
  readonly certificate?: Certificate;
}

async function remove(text: string, options: DeleteOptions, terminal: Terminal): Promise<ExitCode> {
  if (!options.yes && !terminal.ask) {
    throw new UsageError('nobody can be asked here: give --yes to delete it without a question');
  }
  const name = jobArgument(text, options, terminal);
  const { job, plan, certificate, outcome, sentence, code } = await withLedger(options, terminal, (ledger) =>
    planAndDelete(name, options, ledger, terminal),
  );
  const result = {
    job: formatJobName(job),
    outcome,
    sentence,
    ...(plan && shownPlan(plan)),
    ...(certificate && { certificate: certificateToJson(certificate) }),
  };
  printResult(terminal, options.format, result, () => `${result.job} ${sentence}`);
  return code;
}

function shownPlan({ job, children }: PurgePlan) {
  return {
    principal: job.principal,
    endTime: isoTime(job.endTimeMs),
    children: children.map(formatJobName),
  };
}

async function planAndDelete(
  name: JobName,
  options: DeleteOptions,
  ledger: Ledger,
  terminal: Terminal,
): Promise<Result> {
  // No other command of jobs needs the detectors.
  const { planPurge, purgeByHand } = await import('../../shared/enforce/purge-by-hand.ts');
  const { span, leaseMs } = waitSpan(options, terminal.clock.now());
  const ports = portsOf(options, leaseMs, ledger, terminal);
  const plan = await planPurge(name, span, ports);
  if (plan.kind !== 'planned') return { job: nameOf(plan, name), ...tellDelete(plan, options) };
  const about = { job: plan.job.name, plan };
  if (plan.job.error && !ports.retries) terminal.err(NO_POLICIES_NAMED);
  if (!options.yes && !isYes(await terminal.ask?.(questionOf(plan)))) {
    const sentence = 'was not deleted, for you did not say yes';
    return { ...about, outcome: 'declined', sentence, code: FINDINGS };
  }
  // A person may take their time. It is looked at again, and so are the holds.
  const act: Span = waitSpan(options, terminal.clock.now()).span;
  const answer = await purgeByHand(plan.job.name, personOf(terminal), act, ports);
  const certificate = answer.kind === 'purged' ? { certificate: answer.certificate } : {};
  return { ...about, ...tellDelete(answer, options), ...certificate };
}

function nameOf(answer: NotPurged, asked: JobName): JobName {
  return answer.kind === 'gone' ? asked : answer.job.name;
}

function portsOf(options: DeleteOptions, leaseMs: number, ledger: Ledger, terminal: Terminal): ByHandPorts {
  const { clock, random, environment } = terminal;
  return {
    clock,
    random,
    ledger,
    jobs: openJobsClient(options, terminal),
    holds: openHoldsOf(options, terminal),
    log: SILENT_LOG,
    verb: 'purge',
    holder: `by-hand-${random().toString(36).slice(2)}`,
    leaseMs,
    redactionKey: environment['WATCHDOG_REDACTION_KEY'],
    ...(namedPoliciesAddress(options, terminal) !== '' && { retries: openFilePolicies(options, terminal) }),
  };
}
