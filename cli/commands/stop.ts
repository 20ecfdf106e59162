import { type DefineCommand, type FormatOptions, formatOption, printResult } from '../command.ts';
import { type LedgerOptions, ledgerOption, withLedger } from '../ledger-option.ts';
import { personOf } from '../person.ts';
import { printSince, stopToJson } from '../stop-view.ts';
import { type ExitCode, FINE, type Terminal } from '../terminal.ts';

interface StopOptions extends FormatOptions, LedgerOptions {
  readonly reason?: string;
}

export const defineStop: DefineCommand = (program, run) => {
  program
    .command('stop')
    .summary('touch nothing any more, only observe')
    .description(
      'Stops all acts of all functions: every policy only observes until "bq-watchdog resume". No act is begun after ' +
        'this command has ended; what BigQuery was asked for already is not taken back.',
    )
    .option('--reason <text>', 'why, for those who find it stopped')
    .addOption(ledgerOption())
    .addOption(formatOption())
    .action((options: StopOptions) => run(options.format, (terminal) => stop(options, terminal)));
};

async function stop(options: StopOptions, terminal: Terminal): Promise<ExitCode> {
  const { reason } = options;
  const wanted = {
    atMs: terminal.clock.now(),
    by: personOf(terminal),
    ...(reason !== undefined && { reason }),
  };
  const before = await withLedger(options, terminal, (ledger) => ledger.stop(wanted));
  const result = { stopped: stopToJson(before ?? wanted), already: before !== undefined };
  printResult(terminal, options.format, result, () =>
    before === undefined
      ? 'stopped: nothing is touched, everything is only observed, until somebody runs: bq-watchdog resume'
      : `was stopped already, ${printSince(before)}`,
  );
  return FINE;
}
