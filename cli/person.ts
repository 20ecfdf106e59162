import type { Terminal } from './terminal.ts';

/**
 * Who sits at this terminal: what the ledger and alerts tell others of an act by hand. The operating system
 * knows, also where a container or a scheduler sets no variable; what it does not know the environment may.
 */
export function personOf({ user, environment }: Pick<Terminal, 'user' | 'environment'>): string {
  return user || environment['USER'] || environment['LOGNAME'] || environment['USERNAME'] || 'somebody';
}
