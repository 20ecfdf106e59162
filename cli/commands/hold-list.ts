import { readHolds } from '../../shared/policy/holds/read-holds.ts';
import { type DefineCommand, type FormatOptions, formatOption, printResult } from '../command.ts';
import { printMatch, type ShownHold, shownHolds } from '../hold-view.ts';
import { type HoldsOptions, holdsOption, neededHoldsAddress } from '../holds-option.ts';
import { policyFile } from '../policies-option.ts';
import { table } from '../table.ts';
import { type ExitCode, FINE, type Terminal } from '../terminal.ts';

type ListOptions = FormatOptions & HoldsOptions;

export const defineHoldList: DefineCommand = (hold, run) => {
  hold
    .command('list')
    .summary('what is on hold')
    .description('Lists the holds of the file, in its order; those that have ended, too.')
    .addOption(holdsOption())
    .addOption(formatOption())
    .action((options: ListOptions) => run(options.format, (terminal) => list(options, terminal)));
};

async function list(options: ListOptions, terminal: Terminal): Promise<ExitCode> {
  const file = policyFile(neededHoldsAddress(options, terminal), terminal);
  const { text } = await file.read();
  const holds = shownHolds({ text }, readHolds(text, file.describe()).all, terminal.clock.now());
  printResult(terminal, options.format, { file: file.describe(), holds }, () =>
    holds.length === 0 ? `${file.describe()}: nothing is on hold` : table(HEADER, holds.map(rowOf)),
  );
  return FINE;
}

const HEADER = ['ID', 'STATE', 'UNTIL', 'BY', 'KEEPS', 'REASON'];

function rowOf({ id, isActive, until = 'indefinite', by = '', match, reason }: ShownHold): readonly string[] {
  return [id, isActive ? 'active' : 'ended', until, by, printMatch(match), reason];
}
