import { InvalidArgumentError, Option } from 'commander';
import { formatJobName, type JobName } from '../../shared/job/job-name.ts';
import type { Claim, RetryDetails } from '../../shared/ledger/ledger.ts';
import { parseDuration, printDuration } from '../../shared/units/duration.ts';
import { asArgument, type DefineCommand, type FormatOptions, formatOption, printResult } from '../command.ts';
import { type LedgerOptions, ledgerOption, withLedger } from '../ledger-option.ts';
import { printStopped, stopToJson } from '../stop-view.ts';
import { table } from '../table.ts';
import { type ExitCode, FINE, type Terminal } from '../terminal.ts';

interface ActsOptions extends FormatOptions, LedgerOptions {
  /** Milliseconds. */
  readonly since: number;
  readonly limit: number;
}

const DAY_MS = 86_400_000;
const MOST = 1_000;

export const defineActs: DefineCommand = (program, run) => {
  program
    .command('acts')
    .summary('what was done lately')
    .description('Lists what the watchdog set out to do, newest first, with what became of it.')
    .addOption(
      new Option('--since <duration>', 'how far back, such as 90m or 7d')
        .argParser(asArgument(parseDuration))
        .default(DAY_MS, '24h'),
    )
    .option('--limit <count>', 'at most so many', readCount, MOST)
    .addOption(ledgerOption())
    .addOption(formatOption())
    .action((options: ActsOptions) => run(options.format, (terminal) => acts(options, terminal)));
};

function readCount(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new InvalidArgumentError('expected a whole number from 1 to 999999');
  return Number(text);
}

async function acts(options: ActsOptions, terminal: Terminal): Promise<ExitCode> {
  const { since, limit, format } = options;
  const nowMs = terminal.clock.now();
  const sinceMs = nowMs - since;
  // One more than is shown tells whether there are more.
  const [claims, stop] = await withLedger(options, terminal, (ledger) =>
    Promise.all([ledger.recentClaims(sinceMs, limit + 1), ledger.stopped()]),
  );
  const shown = claims.slice(0, limit);
  const more = claims.length > limit;
  const result = {
    since: new Date(sinceMs).toISOString(),
    more,
    acts: shown.map(toJson),
    ...(stop && { stopped: stopToJson(stop) }),
  };
  printResult(terminal, format, result, () =>
    [...(stop ? [printStopped(stop)] : []), print(shown, { more, since, nowMs })].join('\n'),
  );
  return FINE;
}

function toJson(claim: Claim) {
  const { job, verb, attempt, policy, state, outcome, finding, wonAtMs, askedAtMs, endedAtMs, retry } = claim;
  return {
    at: new Date(wonAtMs).toISOString(),
    job: formatJobName(job),
    verb,
    policy,
    state,
    ...(outcome !== undefined && { outcome }),
    ...(retry && { attempt, repeatedAs: repeatedAs(job, retry) }),
    ...waitToJson(claim),
    sentence: finding.sentence,
    requests: askedAtMs.map((ms) => new Date(ms).toISOString()),
    ...(endedAtMs !== undefined && { endedAt: new Date(endedAtMs).toISOString() }),
  };
}

interface Shown {
  readonly more: boolean;
  /** Milliseconds. */
  readonly since: number;
  readonly nowMs: number;
}

function print(claims: readonly Claim[], { more, since, nowMs }: Shown): string {
  if (claims.length === 0) return `nothing was done within the last ${printDuration(since)}`;
  const rows = claims.map((claim) => [
    new Date(claim.wonAtMs).toISOString(),
    formatJobName(claim.job),
    claim.policy,
    outcomeOf(claim, nowMs),
    String(claim.askedAtMs.length),
  ]);
  const told = table(['TIME', 'JOB', 'POLICY', 'OUTCOME', 'REQUESTS'], rows);
  return more
    ? `${told}\nThere are more: ask for a shorter time with --since, or for more with --limit`
    : told;
}

/** The job of an attempt to run this one again. */
function repeatedAs(job: JobName, { attemptId: jobId }: RetryDetails): string {
  return formatJobName({ ...job, jobId });
}

/** Of an act that was not asked for yet, or of any purge: when it is due, and what last kept it back. */
function waitToJson({ state, retry, purge, lookAtMs }: Claim) {
  if (purge) return { dueAt: new Date(purge.dueAtMs).toISOString(), ...heldByToJson(purge) };
  if (state !== 'claimed' || !retry || lookAtMs === undefined) return {};
  return { dueAt: new Date(lookAtMs).toISOString(), ...heldByToJson(retry) };
}

function heldByToJson({ heldBy }: { readonly heldBy?: string }) {
  return heldBy === undefined ? {} : { heldBy };
}

/** In the words of docs/cli.md. */
function outcomeOf(claim: Claim, nowMs: number): string {
  const { state, outcome, retry, purge } = claim;
  switch (state) {
    case 'claimed':
      // It was given back to whoever comes next.
      if (outcome !== undefined) return `not done: ${outcome}`;
      return waitOf(claim, nowMs) ?? 'under way';
    case 'asked':
      if (retry) return `asked to run it as ${retry.attemptId}`;
      return purge ? 'asked to delete' : 'asked to cancel';
    case 'void':
      return `not done: ${outcome ?? 'unknown'}`;
    case 'ended':
      return outcome ?? 'ended';
  }
}

/** Of an act that nobody is at: when it is due, or since when, and what last kept it back. */
function waitOf(claim: Claim, nowMs: number): string | undefined {
  const { retry, purge, lookAtMs, leaseUntilMs } = claim;
  const dueAtMs = purge?.dueAtMs ?? lookAtMs;
  if (dueAtMs === undefined) return undefined;
  const { heldBy } = retry ?? purge ?? {};
  const at = `${new Date(dueAtMs).toISOString()}${heldBy === undefined ? '' : ` (${heldBy})`}`;
  if (dueAtMs > nowMs) return `to be ${purge ? 'deleted' : 'run again'} at ${at}`;
  return leaseUntilMs <= nowMs ? `due since ${at}` : undefined;
}
