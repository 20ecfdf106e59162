import type { DefineCommand } from '../command.ts';
import { defineHoldAdd } from './hold-add.ts';
import { defineHoldList } from './hold-list.ts';
import { defineHoldRemove } from './hold-remove.ts';

export const defineHold: DefineCommand = (program, run) => {
  const hold = program
    .command('hold')
    .helpCommand(false)
    .summary('legal holds: what must not be deleted')
    .description(
      'Edits and shows the file of legal holds. What is on hold is not purged, whatever policies say.',
    );
  defineHoldAdd(hold, run);
  defineHoldList(hold, run);
  defineHoldRemove(hold, run);
};
