import { Option } from 'commander';
import type { PurgePorts } from '../../shared/enforce/purge-ports.ts';
import { withoutPolicy } from '../../shared/enforce/without-policy.ts';
import type { Ledger } from '../../shared/ledger/ledger.ts';
import type { HistoryRange } from '../../shared/watch/history-range.ts';
import { openActingPolicies } from '../acting-policies.ts';
import { asArgument, type DefineCommand, type FormatOptions, formatOption, printResult } from '../command.ts';
import { isConfirmed, readConfirmed } from '../confirm-purge.ts';
import { UsageError } from '../errors.ts';
import { type HoldsOptions, holdsOption, openHoldsOf, tellingFaults } from '../holds-option.ts';
import { type EndpointOptions, endpointOption, openJobsClient, openLookingClient } from '../jobs-client.ts';
import { type LedgerOptions, ledgerOption, withLedger, withLedgerIfNamed } from '../ledger-option.ts';
import { parseMoment } from '../moment.ts';
import { personOf } from '../person.ts';
import { asEnforcedOption, type PoliciesOptions, policiesOption } from '../policies-option.ts';
import { neededProject, type ProjectOptions, projectOption } from '../project-option.ts';
import type { PurgeTally } from '../purge-tally.ts';
import { printDone, printTally, tallyToJson } from '../purge-view.ts';
import { SILENT_LOG } from '../silent-log.ts';
import { type ExitCode, FINDINGS, FINE, type Terminal } from '../terminal.ts';
import { PURGE_WAIT_MS, waitSpan } from '../wait-option.ts';

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
    .addOption(asEnforcedOption())
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
  if (options.asEnforced && !options.dryRun) {
    throw new UsageError(
      '--as-enforced goes with --dry-run alone: to purge what a policy finds, write "mode: enforce" in the file',
    );
  }
  if (fromMs >= toMs) throw new UsageError('--from is not before --to: expected the earlier time first');
  const projectId = neededProject(options, terminal);
  const openedLedger = options.dryRun ? withLedgerIfNamed : withLedger;
  return openedLedger(options, terminal, (ledger) =>
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
  // No other command needs the detectors.
  const { purgeAll, surveyAll } = await import('../purge-steps.ts');
  const ports = await portsOf(options, ledger, terminal);
  const tally = await surveyAll(
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
    return would > 0 || !isWhole(tally) ? FINDINGS : FINE;
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
  return purged === would && isWhole(tally) ? FINE : FINDINGS;
}

/** Whether all was judged, and what is kept is kept by its own policy, a hold or a retry, as it should be. */
function isWhole({ failures, kept }: PurgeTally): boolean {
  return failures === 0 && [...kept.keys()].every((by) => KEPT_RIGHTLY.has(by));
}

const KEPT_RIGHTLY: ReadonlySet<string> = new Set(['not-due', 'held', 'retry-pending']);

async function portsOf(options: PurgeOptions, ledger: Ledger, terminal: Terminal): Promise<PurgePorts> {
  const { clock, random, environment } = terminal;
  const { leaseMs } = waitSpan({ wait: PURGE_WAIT_MS }, clock.now());
  const byHand = withoutPolicy<Omit<PurgePorts, 'policies' | 'publisher'>>({
    clock,
    random,
    ledger,
    leaseMs,
    jobs: openJobsClient(options, terminal),
    holds: tellingFaults(openHoldsOf(options, terminal), terminal),
    log: SILENT_LOG,
    verb: 'purge',
    // Certificates name it as who had it deleted.
    holder: `${personOf(terminal)} (by-hand-${random().toString(36).slice(2)})`,
    redactionKey: environment['WATCHDOG_REDACTION_KEY'],
  });
  return { ...byHand, policies: await openActingPolicies(options, ledger, terminal) };
}
