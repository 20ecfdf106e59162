import { Option } from 'commander';
import type { Ledger } from '../shared/ledger/ledger.ts';
import { openStore } from '../shared/ledger/open-store.ts';
import { StoreAddress } from '../shared/ledger/store-address.schema.ts';
import { openLedger } from '../shared/ledger/stored-ledger.ts';
import { Verb } from '../shared/ledger/verb.schema.ts';
import { UsageError } from './errors.ts';
import type { Terminal } from './terminal.ts';

export interface LedgerOptions {
  readonly ledger?: string;
}

const FORMS = 'sqlite:PATH or firestore:[DATABASE]';

/** `--ledger`, of every command that reads the ledger. */
export function ledgerOption(): Option {
  return new Option('--ledger <address>', `the ledger, as ${FORMS} (default: what WATCHDOG_LEDGER says)`);
}

/**
 * Opens the ledger that the option names, or else the environment, for the time of `work`. No other setting is
 * needed but the project of a Firestore database, so no other is read.
 *
 * @throws UsageError, LedgerMissingError, LedgerUnavailableError
 */
export async function withLedger<T>(
  { ledger: option }: LedgerOptions,
  { clock, environment, err }: Terminal,
  work: (ledger: Ledger) => Promise<T>,
): Promise<T> {
  const address =
    option === undefined
      ? addressOf('WATCHDOG_LEDGER', environment['WATCHDOG_LEDGER'] ?? '')
      : addressOf('--ledger', option);
  const projectId = environment['GOOGLE_CLOUD_PROJECT'] || undefined;
  // A new file would be an empty ledger, which says that nothing was ever done.
  const store = openStore(address, { clock, projectId, mustExist: true });
  return closing(openLedger(store, clock), async (ledger) => {
    // A database that is none of the watchdog's looks like a ledger in which nothing was done.
    if (address.kind === 'firestore' && !(await isUsed(ledger))) err(unused(store.place));
    return work(ledger);
  });
}

/**
 * The same for what only reads. Where none is named, an empty one in memory stands in, and it is told what that cannot
 * know.
 */
export function withLedgerIfNamed<T>(
  options: LedgerOptions,
  terminal: Terminal,
  work: (ledger: Ledger) => Promise<T>,
): Promise<T> {
  if (options.ledger !== undefined || terminal.environment['WATCHDOG_LEDGER']) {
    return withLedger(options, terminal, work);
  }
  terminal.err(
    'warning: no ledger is named (--ledger, WATCHDOG_LEDGER), so it is not known whether all acts are stopped, and which jobs wait for a retry that has begun',
  );
  const { clock } = terminal;
  return closing(openLedger(openStore(IN_MEMORY, { clock }), clock), work);
}

const IN_MEMORY: StoreAddress = { kind: 'sqlite', path: ':memory:' };

async function closing<T>(ledger: Ledger, work: (ledger: Ledger) => Promise<T>): Promise<T> {
  try {
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}

async function isUsed(ledger: Ledger): Promise<boolean> {
  for (const verb of Verb.options) if (await ledger.lastGoodPolicy(verb)) return true;
  return false;
}

function unused(place: string): string {
  return `warning: no function has left its policy in ledger ${place}; is it the one of WATCHDOG_LEDGER and GOOGLE_CLOUD_PROJECT of your functions?`;
}

function addressOf(setting: string, text: string): StoreAddress {
  if (text === '') {
    const where = setting === '--ledger' ? '--ledger is empty' : `${setting} is not set`;
    throw new UsageError(`${where}: set WATCHDOG_LEDGER as the functions have it, or give --ledger ${FORMS}`);
  }
  const parsed = StoreAddress.safeParse(text);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UsageError(`${setting} is "${text}": ${issue?.message ?? `expected ${FORMS}`}`);
  }
  if (parsed.data.kind === 'sqlite' && parsed.data.path === ':memory:') {
    throw new UsageError(
      `${setting} is "${text}": a ledger in memory is gone with its function; name another one, as ${FORMS}`,
    );
  }
  return parsed.data;
}
