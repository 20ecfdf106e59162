import * as z from 'zod';

/** Where the ledger is stored, as `WATCHDOG_LEDGER` says it: `sqlite:PATH` or `sqlite::memory:`. */
export const LedgerAddress = z.string().transform((text, context) => {
  if (text.startsWith('sqlite:') && text.length > 'sqlite:'.length)
    return { sqlitePath: text.slice('sqlite:'.length) };
  context.addIssue({ code: 'custom', message: 'expected sqlite:PATH or sqlite::memory:' });
  return z.NEVER;
});
export type LedgerAddress = z.infer<typeof LedgerAddress>;
