import { Option } from 'commander';
import type { PurgePorts } from '../../shared/enforce/purge-ports.ts';
import { withoutPolicy } from '../../shared/enforce/without-policy.ts';
import { formatJobName } from '../../shared/job/job-name.ts';
import type { Ledger } from '../../shared/ledger/ledger.ts';
import type { HistoryRange } from '../../shared/watch/history-range.ts';
import { purgeConfirmed } from '../../shared/watch/purge-confirmed.ts';
import { SLICE_MS, type Surveyed, surveyPurges } from '../../shared/watch/purge-survey.ts';
import { openActingPolicies } from '../acting-policies.ts';
import { asArgument, type DefineCommand, type FormatOptions, formatOption, printResult } from '../command.ts';
import { isConfirmed, readConfirmed } from '../confirm-purge.ts';
import { NoTimeError, UsageError } from '../errors.ts';
import { type HoldsOptions, holdsOption, openHoldsOf } from '../holds-option.ts';
import { type EndpointOptions, endpointOption, openJobsClient, openLookingClient } from '../jobs-client.ts';
import { type LedgerOptions, ledgerOption, withLedger } from '../ledger-option.ts';
import { parseMoment } from '../moment.ts';
import { personOf } from '../person.ts';
import { type PoliciesOptions, policiesOption } from '../policies-option.ts';
import { Progress } from '../progress.ts';
import { neededProject, type ProjectOptions, projectOption } from '../project-option.ts';
import { PurgeTally } from '../purge-tally.ts';
import { printTally, tallyToJson } from '../purge-view.ts';
import { SILENT_LOG } from '../silent-log.ts';
import { type ExitCode, FINDINGS, FINE, type Terminal } from '../terminal.ts';
import { waitSpan } from '../wait-option.ts';

interface PurgeOptions
  extends FormatOptions,
    EndpointOptions,
    PoliciesOptions,
    ProjectOptions,
    HoldsOptions,
    LedgerOptions {
  /** Milliseconds. */
  readonly from: number;
  readonly to?: number;
  readonly dryRun?: boolean;
  readonly yes?: number;
}

/** How long it is waited for that one job is seen to be gone; a sweep goes on with it. */
const WAIT_MS = 120_000;

export const definePurge: DefineCommand = (program, run) => {
  program
    .command('purge')
    .summary('delete the metadata of sensitive jobs of the past')
    .description(
      'Judges the jobs that were created in a time by the policies with "purge", and tells how many would be purged, ' +
        'of whom, by which detector. Then asks, and purges those and no others, each judged again. What is on hold ' +
        'stays. Exits 1 when there is something to purge that was not purged, or something could not be read.',
    )
    .addOption(policiesOption())
    .addOption(projectOption())
    .addOption(momentOption('--from', 'jobs created at or after TIME').makeOptionMandatory())
    .addOption(momentOption('--to', 'jobs created before TIME (default: now)'))
    .option('--dry-run', 'only tell what would be purged')
    .option('-y, --yes <count>', 'do not ask, if there are not more than so many', readConfirmed)
    .addOption(holdsOption())
    .addOption(ledgerOption())
    .addOption(endpointOption())
    .addOption(formatOption())
    .action((options: PurgeOptions) => run(options.format, (terminal) => purge(options, terminal)));
};

function momentOption(flag: string, description: string): Option {
  return new Option(`${flag} <time>`, `${description}, such as 2026-06-01 or 2026-06-01T08:00:00Z`).argParser(
    asArgument(parseMoment),
  );
}

async function purge(options: PurgeOptions, terminal: Terminal): Promise<ExitCode> {
  const { from: fromMs, to: toMs = terminal.clock.now() } = options;
  if (options.yes === undefined && !options.dryRun && !terminal.ask) {
    throw new UsageError(
      'nobody can be asked here: give --dry-run to see what would be purged, or --yes COUNT to purge at most so many',
    );
  }
  if (fromMs >= toMs) throw new UsageError('--from is not before --to: expected the earlier time first');
  const projectId = neededProject(options, terminal);
  return withLedger(options, terminal, (ledger) =>
    surveyAndPurge(projectId, { fromMs, toMs }, options, ledger, terminal),
  );
}

async function surveyAndPurge(
  projectId: string,
  range: HistoryRange,
  options: PurgeOptions,
  ledger: Ledger,
  terminal: Terminal,
): Promise<ExitCode> {
  const ports = await portsOf(options, ledger, terminal);
  const tally = await survey(
    projectId,
    range,
    { ...ports, jobs: openLookingClient(options, terminal) },
    terminal,
  );
  const would = tally.wanted.length;
  const result = tallyToJson(projectId, range, tally);
  const told = () => printTally(projectId, range, tally);
  if (options.dryRun || would === 0) {
    printResult(
      terminal,
      options.format,
      { ...result, outcome: would === 0 ? 'nothing-to-do' : 'dry-run' },
      told,
    );
    return would > 0 || tally.failures > 0 ? FINDINGS : FINE;
  }
  // As JSON it stands in the result, but who is asked must see it before.
  if (options.format === 'text') terminal.out(told());
  else if (options.yes === undefined) terminal.err(told());
  if (!(await isConfirmed(would, options.yes, terminal))) {
    const why =
      options.yes === undefined
        ? 'you did not confirm it'
        : `these are more than the ${options.yes} of --yes`;
    const declined = { ...result, outcome: 'declined', purged: 0 };
    printResult(terminal, options.format, declined, () => `nothing was purged, for ${why}`);
    return FINDINGS;
  }
  const outcomes = await purgeAll(tally, ports, terminal);
  const purged = outcomes.get('purged') ?? 0;
  const done = { ...result, outcome: 'done', purged, outcomes: Object.fromEntries(outcomes) };
  printResult(terminal, options.format, done, () => printDone(would, outcomes));
  return purged === would && tally.failures === 0 ? FINE : FINDINGS;
}

async function portsOf(options: PurgeOptions, ledger: Ledger, terminal: Terminal): Promise<PurgePorts> {
  const { clock, random, environment } = terminal;
  const { leaseMs } = waitSpan({ wait: WAIT_MS }, clock.now());
  const byHand = withoutPolicy<Omit<PurgePorts, 'policies' | 'publisher'>>({
    clock,
    random,
    ledger,
    leaseMs,
    jobs: openJobsClient(options, terminal),
    holds: openHoldsOf(options, terminal),
    log: SILENT_LOG,
    verb: 'purge',
    // Certificates name it as who had it deleted.
    holder: `${personOf(terminal)} (by-hand-${random().toString(36).slice(2)})`,
    redactionKey: environment['WATCHDOG_REDACTION_KEY'],
  });
  return { ...byHand, policies: await openActingPolicies(options, ledger, terminal) };
}

async function survey(
  projectId: string,
  range: HistoryRange,
  ports: PurgePorts,
  terminal: Terminal,
): Promise<PurgeTally> {
  const tally = new PurgeTally();
  const { purge: policies } = await ports.policies.latest();
  if (policies.length === 0) {
    terminal.err('warning: no policy of the file has "purge", so there is nothing to look for');
    return tally;
  }
  const progress = new Progress(Math.ceil((range.toMs - range.fromMs) / SLICE_MS), terminal);
  for await (const surveyed of surveyPurges(projectId, range, ports)) {
    tally.count(surveyed);
    const failure = failureOf(surveyed);
    if (failure !== undefined) {
      progress.clear();
      terminal.err(failure);
    }
    const line = `${projectId}: ${tally.looked} jobs looked at, ${tally.wanted.length} to purge`;
    if (surveyed.kind === 'slice') progress.advance(line);
    else progress.show(line);
  }
  progress.clear();
  return tally;
}

function failureOf(surveyed: Surveyed): string | undefined {
  if (surveyed.kind === 'gap') {
    const { unreachable, brokenItems } = surveyed;
    const where = unreachable.length === 0 ? '' : `locations that did not answer: ${unreachable.join(', ')}`;
    const items = brokenItems === 0 ? '' : `items that are no readable jobs: ${brokenItems}`;
    return [where, items].filter((text) => text !== '').join('; ');
  }
  if (surveyed.kind !== 'failed') return undefined;
  const { name, why } = surveyed;
  return `${formatJobName(name)}: not judged: ${whyOf(why)}`;
}

function whyOf(why: Extract<Surveyed, { readonly kind: 'failed' }>['why']): string {
  if (why === 'no-time') return new NoTimeError().message;
  return why === 'not-whole' ? 'not all of its children have ended and are listed yet' : why.message;
}

/** How many came to which end. What was not begun is `not-begun`. */
async function purgeAll(
  { wanted }: PurgeTally,
  ports: PurgePorts,
  terminal: Terminal,
): Promise<ReadonlyMap<string, number>> {
  const outcomes = new Map<string, number>();
  const add = (outcome: string, jobs = 1) => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + jobs);
  const progress = new Progress(wanted.length, terminal);
  const span = () => waitSpan({ wait: WAIT_MS }, terminal.clock.now()).span;
  let told = 0;
  for await (const { name, outcome, error } of purgeConfirmed(
    wanted.map((job) => job.name),
    span,
    ports,
  )) {
    told++;
    add(outcome);
    if (outcome !== 'purged') {
      progress.clear();
      terminal.err(`${formatJobName(name)} was not purged: ${outcome}${error ? `: ${error.message}` : ''}`);
    }
    progress.advance(`${outcomes.get('purged') ?? 0} of ${wanted.length} purged`);
  }
  progress.clear();
  if (told < wanted.length) add('not-begun', wanted.length - told);
  return outcomes;
}

function printDone(would: number, outcomes: ReadonlyMap<string, number>): string {
  const others = [...outcomes].filter(([outcome]) => outcome !== 'purged');
  const rest = others.map(([outcome, jobs]) => `, ${jobs} ${outcome}`).join('');
  return `${outcomes.get('purged') ?? 0} of ${would} purged${rest}; bq-watchdog certificates lists them, and docs/purge.md says which copies remain`;
}
