import { JobsApiError, WriteRefusedError } from '../../shared/bigquery/errors.ts';
import { hasDryRun } from '../../shared/bigquery/query-dry-run.ts';
import { repeatByHand } from '../../shared/enforce/repeat-by-hand.ts';
import { planRepeat, type RepeatPlan, type RepeatPorts } from '../../shared/enforce/repeat-plan.ts';
import type { WithoutPolicy } from '../../shared/enforce/without-policy.ts';
import { formatJobName, type JobName } from '../../shared/job/job-name.ts';
import type { Ledger } from '../../shared/ledger/ledger.ts';
import { attemptId } from '../../shared/retry/attempt-id.ts';
import { isJsonObject } from '../../shared/retry/json.ts';
import { printChanges, type ShownChange, shownChanges } from '../change-view.ts';
import { type DefineCommand, type FormatOptions, formatOption, printResult } from '../command.ts';
import { UsageError } from '../errors.ts';
import { JOB_ARGUMENT, type JobArgumentOptions, jobArgument, locationOption } from '../job-argument.ts';
import { type EndpointOptions, endpointOption, openRepeatClient } from '../jobs-client.ts';
import { type LedgerOptions, ledgerOption, withLedger } from '../ledger-option.ts';
import { personOf } from '../person.ts';
import { projectOption } from '../project-option.ts';
import { questionOf, type ToldRepeat, tellDryRun, tellNotAsked, tellRepeat } from '../repeat-view.ts';
import { SILENT_LOG } from '../silent-log.ts';
import { type ExitCode, FINDINGS, type Terminal } from '../terminal.ts';
import { nosyncOption, type WaitOptions, waitOption, waitSpan } from '../wait-option.ts';
import { isYes } from '../yes.ts';

interface RepeatOptions
  extends FormatOptions,
    EndpointOptions,
    JobArgumentOptions,
    LedgerOptions,
    WaitOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly allowRepeatedWrites?: boolean;
}

export const defineJobsRepeat: DefineCommand = (jobs, run) => {
  jobs
    .command('repeat')
    .summary('run a job again')
    .description(
      'Runs a job again that has ended: its configuration under a new id, as who ran it. Shows first what is ' +
        "changed, and asks. Recorded in the functions' ledger and alerted like a retry of the watchdog, whose " +
        'attempts it counts with. Exits 1 when it was not run again, or has not succeeded.',
    )
    .argument('<job>', JOB_ARGUMENT)
    .addOption(projectOption())
    .addOption(locationOption())
    .option('-y, --yes', 'do not ask')
    .option('--dry-run', 'only show what would be sent, and have BigQuery check a query without running it')
    .option('--allow-repeated-writes', 'also a job that may do something twice, such as append')
    .addOption(nosyncOption())
    .addOption(waitOption())
    .addOption(ledgerOption())
    .addOption(endpointOption())
    .addOption(formatOption())
    .action((job: string, options: RepeatOptions) =>
      run(options.format, (terminal) => repeat(job, options, terminal)),
    );
};

/** What is told in the end. */
interface Result extends ToldRepeat {
  readonly job: JobName;
  readonly plan?: ShownPlan;
}

/** How a job is run again, in what may be shown. */
interface ShownPlan {
  readonly repeatedAs: string;
  readonly attempt: number;
  readonly principal: string | undefined;
  readonly changes: readonly ShownChange[];
}

async function repeat(text: string, options: RepeatOptions, terminal: Terminal): Promise<ExitCode> {
  if (!options.yes && !options.dryRun && !terminal.ask) {
    throw new UsageError(
      'nobody can be asked here: give --yes to run it again without a question, or --dry-run to see what would be sent',
    );
  }
  const name = jobArgument(text, options, terminal);
  const { job, plan, outcome, sentence, code } = await withLedger(options, terminal, (ledger) =>
    planAndRun(name, options, ledger, terminal),
  );
  const result = { job: formatJobName(job), outcome, sentence, ...plan };
  printResult(terminal, options.format, result, () => `${result.job} ${sentence}`);
  return code;
}

async function planAndRun(
  name: JobName,
  options: RepeatOptions,
  ledger: Ledger,
  terminal: Terminal,
): Promise<Result> {
  const { span, leaseMs } = waitSpan(options, terminal.clock.now());
  const ports = portsOf(options, leaseMs, ledger, terminal);
  const wish = { name, allowRepeatedWrites: options.allowRepeatedWrites ?? false };
  const plan = await planRepeat(wish, span, ports).catch((error: unknown) => {
    if (error instanceof WriteRefusedError) return error;
    throw error;
  });
  if (plan instanceof WriteRefusedError) return { job: name, ...tellNotAsked(plan) };
  if (plan.kind !== 'planned') return { job: plan.job.name, ...tellRepeat(plan, options) };
  const shown = shownPlan(plan);
  const about = { job: plan.named.job.name, plan: shown };
  // As JSON it stands in the result, but who is asked must see it before.
  if (options.format === 'text') terminal.out(printPlan(plan, shown));
  else if (!options.yes && !options.dryRun) terminal.err(printPlan(plan, shown));
  if (options.dryRun) return { ...about, ...(await check(plan, ports, span.deadlineAtMs)) };
  if (!(await isConfirmed(plan, options, terminal))) {
    return {
      ...about,
      outcome: 'declined',
      sentence: 'was not run again, for you did not say yes',
      code: FINDINGS,
    };
  }
  // A person may take their time.
  const act = waitSpan(options, terminal.clock.now());
  return { ...about, ...tellRepeat(await repeatByHand(plan, personOf(terminal), act.span, ports), options) };
}

function portsOf(
  options: RepeatOptions,
  leaseMs: number,
  ledger: Ledger,
  terminal: Terminal,
): WithoutPolicy<RepeatPorts> {
  const { clock, random, environment } = terminal;
  return {
    ...openRepeatClient(options, terminal),
    clock,
    random,
    ledger,
    log: SILENT_LOG,
    verb: 'retry',
    holder: `by-hand-${random().toString(36).slice(2)}`,
    leaseMs,
    redactionKey: environment['WATCHDOG_REDACTION_KEY'],
  };
}

function shownPlan({ root, attempt, body, changes }: RepeatPlan): ShownPlan {
  const { name, principal } = root.job;
  return {
    repeatedAs: formatJobName({ ...name, jobId: attemptId(name, attempt) ?? '' }),
    attempt,
    principal,
    changes: shownChanges(changes, root.resource.take(), body.take()),
  };
}

function printPlan(
  { named, root, account }: RepeatPlan,
  { repeatedAs, attempt, principal, changes }: ShownPlan,
): string {
  const [job, origin] = [named.job.name, root.job.name].map(formatJobName);
  const of = job === origin ? '' : `, attempt ${attempt} of ${origin}`;
  const who = account === undefined ? `you, ${principal}` : `${principal}, whom you act as`;
  return `${job} as ${repeatedAs}${of}, by ${who}:\n${printChanges(changes)}`;
}

async function isConfirmed(plan: RepeatPlan, { yes }: RepeatOptions, { ask }: Terminal): Promise<boolean> {
  if (yes || !ask) return yes ?? false;
  return isYes(await ask(questionOf(plan)));
}

/** BigQuery's own dry run, as whom it would run. */
async function check(
  { root, account, body }: RepeatPlan,
  { dryRun }: Pick<RepeatPorts, 'dryRun'>,
  deadlineAtMs: number,
): Promise<ToldRepeat> {
  const { projectId, location } = root.job.name;
  const { configuration } = body.take();
  if (!isJsonObject(configuration) || !hasDryRun(configuration)) return tellDryRun(undefined);
  try {
    return tellDryRun(await dryRun({ projectId, location, configuration }, { deadlineAtMs, as: account }));
  } catch (error) {
    if (error instanceof JobsApiError) return tellNotAsked(error);
    throw error;
  }
}
