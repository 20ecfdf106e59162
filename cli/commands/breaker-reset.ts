import type { BreakerStatus, Ledger } from '../../shared/ledger/ledger.ts';
import { nearestWord } from '../../shared/policy/nearest.ts';
import {
  type DefineCommand,
  type Format,
  type FormatOptions,
  formatOption,
  printResult,
} from '../command.ts';
import { NotOpenError } from '../errors.ts';
import { type LedgerOptions, ledgerOption, withLedger } from '../ledger-option.ts';
import { type ExitCode, FINE, type Terminal } from '../terminal.ts';

export const defineBreakerReset: DefineCommand = (breaker, run) => {
  breaker
    .command('reset')
    .summary('close breakers that are open')
    .description(
      'Closes the breaker of a policy, or all that are open, and frees their slots: the watchdog acts again. ' +
        'Exits 1 when a policy is named whose breaker is not open.',
    )
    .argument('[policy]', 'whose breaker to close (default: all that are open)')
    .addOption(ledgerOption())
    .addOption(formatOption())
    .action((policy: string | undefined, options: FormatOptions & LedgerOptions) =>
      run(options.format, (terminal) => reset(policy, options, options.format, terminal)),
    );
};

async function reset(
  policy: string | undefined,
  options: LedgerOptions,
  format: Format,
  terminal: Terminal,
): Promise<ExitCode> {
  const closed = await withLedger(options, terminal, (ledger) => closeAll(policy, ledger));
  printResult(
    terminal,
    format,
    { reset: closed.map(({ scope, taken }) => ({ ...scope, slots: taken })) },
    () => (closed.length === 0 ? 'no breaker is open' : closed.map(print).join('\n')),
  );
  return FINE;
}

/** @throws NotOpenError when a policy is named whose breaker is not open: it is likely misspelled. */
async function closeAll(policy: string | undefined, ledger: Ledger): Promise<readonly BreakerStatus[]> {
  const open = (await ledger.breakers()).filter(({ trip }) => trip !== undefined);
  const meant = open.filter(({ scope }) => policy === undefined || scope.policy === policy);
  if (policy !== undefined && meant.length === 0) {
    const names = open.map(({ scope }) => scope.policy);
    throw new NotOpenError(policy, names, nearestWord(policy, names));
  }
  const closed: BreakerStatus[] = [];
  for (const breaker of meant) {
    if (await ledger.resetBreaker(breaker.scope)) closed.push(breaker);
  }
  return closed;
}

function print({ scope, trip, taken }: BreakerStatus): string {
  const freed = taken === 1 ? '1 slot is' : `${taken} slots are`;
  return `closed the ${scope.verb} breaker of ${scope.policy}, ${freed} free again (it had tripped because ${trip?.why})`;
}
