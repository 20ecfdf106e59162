import type { BreakerStatus } from '../../shared/ledger/ledger.ts';
import {
  type DefineCommand,
  type Format,
  type FormatOptions,
  formatOption,
  printResult,
} from '../command.ts';
import { type LedgerOptions, ledgerOption, withLedger } from '../ledger-option.ts';
import { printStopped, stopToJson } from '../stop-view.ts';
import { table } from '../table.ts';
import { type ExitCode, FINDINGS, FINE, type Terminal } from '../terminal.ts';

export const defineBreakerStatus: DefineCommand = (breaker, run) => {
  breaker
    .command('status')
    .summary('which breakers are open')
    .description(
      'Shows each breaker that is open or has slots in use. Exits 1 when any is open, or all acts are stopped.',
    )
    .addOption(ledgerOption())
    .addOption(formatOption())
    .action((options: FormatOptions & LedgerOptions) =>
      run(options.format, (terminal) => status(options, options.format, terminal)),
    );
};

async function status(options: LedgerOptions, format: Format, terminal: Terminal): Promise<ExitCode> {
  const [breakers, stop] = await withLedger(options, terminal, (ledger) =>
    Promise.all([ledger.breakers(), ledger.stopped()]),
  );
  const open = breakers.filter(({ trip }) => trip !== undefined);
  // Open ones first: they are what a person must do something about.
  const ordered = [...open, ...breakers.filter(({ trip }) => trip === undefined)];
  const result = { breakers: ordered.map(toJson), ...(stop && { stopped: stopToJson(stop) }) };
  printResult(terminal, format, result, () =>
    [...(stop ? [printStopped(stop)] : []), print(ordered, open.length)].join('\n'),
  );
  return open.length > 0 || stop ? FINDINGS : FINE;
}

function toJson({ scope, trip, taken }: BreakerStatus) {
  return {
    verb: scope.verb,
    policy: scope.policy,
    state: trip === undefined ? 'closed' : 'open',
    slotsInUse: taken,
    ...(trip && { trippedAt: new Date(trip.atMs).toISOString(), why: trip.why }),
  };
}

function print(breakers: readonly BreakerStatus[], open: number): string {
  if (breakers.length === 0) return 'no breaker is open, and no slot is in use';
  const rows = breakers.map(({ scope, trip, taken }) => [
    scope.policy,
    scope.verb,
    trip === undefined ? 'closed' : 'OPEN',
    String(taken),
    trip === undefined ? '' : new Date(trip.atMs).toISOString(),
    trip?.why ?? '',
  ]);
  const told = table(['POLICY', 'VERB', 'STATE', 'SLOTS', 'TRIPPED AT', 'WHY'], rows);
  if (open === 0) return told;
  return `${told}\nNothing more is done for an open one until you look into it and run: bq-watchdog breaker reset POLICY`;
}
