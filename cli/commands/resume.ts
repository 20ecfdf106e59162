import {
  type DefineCommand,
  type Format,
  type FormatOptions,
  formatOption,
  printResult,
} from '../command.ts';
import { type LedgerOptions, ledgerOption, withLedger } from '../ledger-option.ts';
import { printSince, stopToJson } from '../stop-view.ts';
import { type ExitCode, FINE, type Terminal } from '../terminal.ts';

export const defineResume: DefineCommand = (program, run) => {
  program
    .command('resume')
    .summary('act again, as the policies say')
    .description('Takes back "bq-watchdog stop": policies are enforced again, in every function within 10 s.')
    .addOption(ledgerOption())
    .addOption(formatOption())
    .action((options: FormatOptions & LedgerOptions) =>
      run(options.format, (terminal) => resume(options, options.format, terminal)),
    );
};

async function resume(options: LedgerOptions, format: Format, terminal: Terminal): Promise<ExitCode> {
  const before = await withLedger(options, terminal, (ledger) => ledger.resume());
  const result = { resumed: before !== undefined, ...(before && { stopped: stopToJson(before) }) };
  printResult(terminal, format, result, () =>
    before === undefined
      ? 'nothing was stopped'
      : `resumed: policies are enforced again (it was stopped ${printSince(before)})`,
  );
  return FINE;
}
