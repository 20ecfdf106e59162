import type { Terminal } from './terminal.ts';

/** Who sits at this terminal, as the machine has it: what the ledger and alerts tell others of an act by hand. */
export function personOf({ environment }: Terminal): string {
  return environment['USER'] || environment['LOGNAME'] || environment['USERNAME'] || 'somebody';
}
