import { existsSync } from 'node:fs';
import { Option } from 'commander';
import type { Ledger } from '../shared/ledger/ledger.ts';
import { LedgerAddress } from '../shared/ledger/ledger-address.schema.ts';
import { SqliteStore } from '../shared/ledger/sqlite-store.ts';
import { openLedger } from '../shared/ledger/stored-ledger.ts';
import { LedgerMissingError, UsageError } from './errors.ts';
import type { Terminal } from './terminal.ts';

export interface LedgerOptions {
  readonly ledger?: string;
}

/** `--ledger`, of every command that reads the ledger. */
export function ledgerOption(): Option {
  return new Option('--ledger <address>', 'the ledger, as sqlite:PATH (default: what WATCHDOG_LEDGER says)');
}

/**
 * Opens the ledger that the option names, or else the environment, for the time of `work`. No other setting is
 * needed, so none is read.
 *
 * @throws UsageError, LedgerMissingError, LedgerUnavailableError
 */
export async function withLedger<T>(
  { ledger: option }: LedgerOptions,
  { clock, environment }: Terminal,
  work: (ledger: Ledger) => Promise<T>,
): Promise<T> {
  const path =
    option === undefined
      ? sqlitePath('WATCHDOG_LEDGER', environment['WATCHDOG_LEDGER'] ?? '')
      : sqlitePath('--ledger', option);
  // Opening would make a new one, and an empty ledger says that nothing was ever done.
  if (!existsSync(path)) throw new LedgerMissingError(path);
  const ledger = openLedger(new SqliteStore({ path, clock }), clock);
  try {
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}

function sqlitePath(setting: string, text: string): string {
  if (text === '') {
    throw new UsageError(
      `${setting} is not set: set WATCHDOG_LEDGER as the functions have it, or give --ledger sqlite:PATH`,
    );
  }
  const parsed = LedgerAddress.safeParse(text);
  if (!parsed.success) {
    throw new UsageError(`${setting} is "${text}": expected sqlite:PATH`);
  }
  if (parsed.data.sqlitePath === ':memory:') {
    throw new UsageError(
      `${setting} is "${text}": a ledger in memory is gone with its function; name one in a file, sqlite:PATH`,
    );
  }
  return parsed.data.sqlitePath;
}
