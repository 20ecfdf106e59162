import { InvalidArgumentError, Option } from 'commander';
import { formatJobName } from '../../shared/job/job-name.ts';
import type { Certificate } from '../../shared/ledger/ledger.ts';
import { parseDuration, printDuration } from '../../shared/units/duration.ts';
import { certificateToJson, printFound } from '../certificate-view.ts';
import { asArgument, type DefineCommand, type FormatOptions, formatOption, printResult } from '../command.ts';
import { isoTime } from '../job-view.ts';
import { type LedgerOptions, ledgerOption, withLedger } from '../ledger-option.ts';
import { table } from '../table.ts';
import { type ExitCode, FINDINGS, FINE, type Terminal } from '../terminal.ts';

interface CertificatesOptions extends FormatOptions, LedgerOptions {
  /** Milliseconds. */
  readonly since: number;
  readonly limit: number;
}

const MONTH_MS = 30 * 86_400_000;
const MOST = 1_000;

export const defineCertificates: DefineCommand = (program, run) => {
  program
    .command('certificates')
    .summary('what was purged')
    .description(
      'Lists the certificates of purges, newest first: what was deleted, why, by whom, and when it was seen to be gone.',
    )
    .addOption(
      new Option('--since <duration>', 'how far back, such as 90m or 7d')
        .argParser(asArgument(parseDuration))
        .default(MONTH_MS, '30d'),
    )
    .option('--limit <count>', 'at most so many', readCount, MOST)
    .addOption(ledgerOption())
    .addOption(formatOption())
    .action((options: CertificatesOptions) => run(options.format, (terminal) => list(options, terminal)));
};

function readCount(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new InvalidArgumentError('expected a whole number from 1 to 999999');
  return Number(text);
}

async function list(options: CertificatesOptions, terminal: Terminal): Promise<ExitCode> {
  const { since, limit, format } = options;
  const sinceMs = terminal.clock.now() - since;
  // One more than is shown tells whether there are more.
  const { certificates, unreadable } = await withLedger(options, terminal, (ledger) =>
    ledger.certificates(sinceMs, limit + 1),
  );
  for (const { message } of unreadable) terminal.err(`error: ${message}`);
  const shown = certificates.slice(0, limit);
  const more = certificates.length > limit;
  const result = {
    since: isoTime(sinceMs),
    more,
    unreadable: unreadable.length,
    certificates: shown.map(certificateToJson),
  };
  printResult(terminal, format, result, () => print(shown, more, since));
  return unreadable.length > 0 ? FINDINGS : FINE;
}

function print(shown: readonly Certificate[], more: boolean, since: number): string {
  if (shown.length === 0) return `nothing was purged within the last ${printDuration(since)}`;
  const rows = shown.map(({ verifiedAtMs, job, children, principal, policy, found, by }) => [
    isoTime(verifiedAtMs) ?? '',
    formatJobName(job),
    String(children.length),
    principal ?? '',
    policy,
    printFound(found),
    by,
  ]);
  const told = table(['GONE AT', 'JOB', 'CHILDREN', 'PRINCIPAL', 'POLICY', 'FOUND', 'BY'], rows);
  return more
    ? `${told}\nThere are more: ask for a shorter time with --since, or for more with --limit`
    : told;
}
