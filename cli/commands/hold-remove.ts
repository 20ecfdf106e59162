import { openOwnerFileWriter } from '../../shared/owner-files/open-owner-file.ts';
import { withoutHold } from '../../shared/policy/holds/edit-holds.ts';
import { readHolds } from '../../shared/policy/holds/read-holds.ts';
import { nearestWord } from '../../shared/policy/nearest.ts';
import { type DefineCommand, type FormatOptions, formatOption, printResult } from '../command.ts';
import { HoldIdError, UsageError } from '../errors.ts';
import { printMatch, shownHolds } from '../hold-view.ts';
import { type HoldsOptions, holdsOption, neededHoldsAddress, ownerFileOptions } from '../holds-option.ts';
import { oneLine } from '../one-line.ts';
import { policyFile } from '../policies-option.ts';
import { type ExitCode, FINDINGS, FINE, type Terminal } from '../terminal.ts';
import { isYes } from '../yes.ts';

interface RemoveOptions extends FormatOptions, HoldsOptions {
  readonly yes?: boolean;
}

export const defineHoldRemove: DefineCommand = (hold, run) => {
  hold
    .command('remove')
    .summary('take a hold out of the file')
    .description(
      'Removes a hold, and asks first. What it kept is purged from then on, where policies say so.',
    )
    .argument('<id>', 'the name of the hold')
    .option('-y, --yes', 'do not ask')
    .addOption(holdsOption())
    .addOption(formatOption())
    .action((id: string, options: RemoveOptions) =>
      run(options.format, (terminal) => remove(id, options, terminal)),
    );
};

async function remove(id: string, options: RemoveOptions, terminal: Terminal): Promise<ExitCode> {
  if (!options.yes && !terminal.ask) {
    throw new UsageError('nobody can be asked here: give --yes to remove it without a question');
  }
  const address = neededHoldsAddress(options, terminal);
  const file = policyFile(address, terminal);
  const { text, generation } = await file.read();
  const fileName = file.describe();
  const shown = shownHolds({ text }, readHolds(text, fileName).all, terminal.clock.now());
  const gone = shown.find((hold) => hold.id === id);
  if (!gone)
    throw noSuchHold(
      id,
      fileName,
      shown.map((hold) => hold.id),
    );
  const about = `hold ${id} (${oneLine(gone.reason)}), which ${gone.isActive ? 'keeps' : 'kept'} ${oneLine(printMatch(gone.match))}`;
  const isSure = options.yes || isYes(await terminal.ask?.(`Remove ${about}? [y/N]`));
  if (isSure) {
    await openOwnerFileWriter(address, ownerFileOptions(terminal)).write(
      withoutHold(text, id, fileName),
      generation,
    );
  }
  printResult(terminal, options.format, { file: fileName, hold: gone, removed: isSure }, () =>
    isSure
      ? `${fileName}: removed ${about}`
      : `${fileName}: hold ${id} was not removed, for you did not say yes`,
  );
  return isSure ? FINE : FINDINGS;
}

function noSuchHold(id: string, fileName: string, ids: readonly string[]): HoldIdError {
  const nearest = nearestWord(id, ids);
  const meant = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
  return new HoldIdError(id, `${fileName} has none of that id${meant}; bq-watchdog hold list tells them`);
}
