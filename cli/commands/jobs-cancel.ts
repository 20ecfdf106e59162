import { Option } from 'commander';
import { BY_HAND, type ByHand, cancelByHand } from '../../shared/enforce/by-hand.ts';
import { formatJobName, type JobName } from '../../shared/job/job-name.ts';
import { LONGEST_LEASE_MS } from '../../shared/ledger/believed-lease.ts';
import type { Claim, Ledger } from '../../shared/ledger/ledger.ts';
import { parseDuration, printDuration } from '../../shared/units/duration.ts';
import { asArgument, type DefineCommand, type FormatOptions, formatOption, printResult } from '../command.ts';
import { adviceOf } from '../errors.ts';
import { JOB_ARGUMENT, type JobArgumentOptions, jobArgument, locationOption } from '../job-argument.ts';
import { type EndpointOptions, endpointOption, openJobsClient } from '../jobs-client.ts';
import { type LedgerOptions, ledgerOption, withLedger } from '../ledger-option.ts';
import { personOf } from '../person.ts';
import { projectOption } from '../project-option.ts';
import { SILENT_LOG } from '../silent-log.ts';
import { type ExitCode, FINDINGS, FINE, type Terminal } from '../terminal.ts';

interface CancelOptions extends FormatOptions, EndpointOptions, JobArgumentOptions, LedgerOptions {
  readonly nosync?: boolean;
  /** Milliseconds. */
  readonly wait: number;
}

const USUAL_WAIT_MS = 600_000;
/** What calls, and the requests that BigQuery does not take at first, may take beyond the waiting. */
const MARGIN_MS = 120_000;
/** The claim outlives whoever acts. */
const LEASE_MARGIN_MS = 60_000;
/** A longer lease would be believed by nobody, and a sweep would take the act over while it is waited for. */
const LONGEST_WAIT_MS = LONGEST_LEASE_MS - MARGIN_MS - LEASE_MARGIN_MS;

export const defineJobsCancel: DefineCommand = (jobs, run) => {
  jobs
    .command('cancel')
    .summary('ask BigQuery to cancel a job')
    .description(
      "Cancels a job by hand: recorded in the functions' ledger and alerted like an act of the watchdog, and " +
        'verified by looking again until the job has ended. A request that BigQuery does not take for now is ' +
        'repeated for a minute, or for as long as --wait says. Exits 1 when BigQuery took none, or the job has ' +
        'not ended.',
    )
    .argument('<job>', JOB_ARGUMENT)
    .addOption(projectOption())
    .addOption(locationOption())
    .option('--nosync', 'do not wait until the job has ended')
    .addOption(
      new Option('--wait <duration>', `wait at most so long, ${printDuration(LONGEST_WAIT_MS)} at the most`)
        .argParser(asArgument(parseWait))
        .default(USUAL_WAIT_MS, '10m'),
    )
    .addOption(ledgerOption())
    .addOption(endpointOption())
    .addOption(formatOption())
    .action((job: string, options: CancelOptions) =>
      run(options.format, (terminal) => cancel(job, options, terminal)),
    );
};

/** @throws DurationError, RangeError */
function parseWait(text: string): number {
  const waitMs = parseDuration(text);
  if (waitMs <= LONGEST_WAIT_MS) return waitMs;
  throw new RangeError(
    `"${text}" is longer than ${printDuration(LONGEST_WAIT_MS)}, the most that is waited for; a sweep of the watchdog goes on with the act after that, or ask again`,
  );
}

async function cancel(text: string, options: CancelOptions, terminal: Terminal): Promise<ExitCode> {
  const name = jobArgument(text, options, terminal);
  const answer = await withLedger(options, terminal, (ledger) => ask(name, options, ledger, terminal));
  const { outcome, sentence, code } = tell(answer, options);
  const claim = answer.kind === 'acted' || answer.kind === 'held' ? answer.claim : undefined;
  const result = {
    job: formatJobName(answer.job.name),
    outcome,
    sentence,
    requests: (claim?.askedAtMs ?? []).map((ms) => new Date(ms).toISOString()),
  };
  printResult(terminal, options.format, result, () => `${result.job} ${sentence}`);
  return code;
}

function ask(name: JobName, options: CancelOptions, ledger: Ledger, terminal: Terminal): Promise<ByHand> {
  const { clock, random, err } = terminal;
  const waitMs = options.nosync ? 0 : options.wait;
  const now = clock.now();
  const span = { startedAtMs: now, horizonAtMs: now + waitMs, deadlineAtMs: now + waitMs + MARGIN_MS };
  return cancelByHand(name, personOf(terminal), span, {
    clock,
    ledger,
    jobs: openJobsClient(options, terminal),
    log: SILENT_LOG,
    verb: 'cancel',
    holder: `by-hand-${random().toString(36).slice(2)}`,
    leaseMs: waitMs + MARGIN_MS + LEASE_MARGIN_MS,
    againIn: (ms, error) => err(`${error.message}; it is asked again in ${Math.ceil(ms / 1_000)} s`),
  });
}

interface Told {
  /** For programs; docs/cli.md lists them. */
  readonly outcome: string;
  readonly sentence: string;
  readonly code: ExitCode;
}

function tell(answer: ByHand, options: CancelOptions): Told {
  switch (answer.kind) {
    case 'ended-before':
      return { outcome: 'ended-before', sentence: 'had ended already; nothing was done', code: FINE };
    case 'child': {
      const parent = formatJobName(answer.parent);
      const sentence = `is a child of the script ${parent}; nothing was done. Cancel the script: bq-watchdog jobs cancel ${parent}`;
      return { outcome: 'child', sentence, code: FINDINGS };
    }
    case 'no-time': {
      const why =
        answer.skewMs === undefined
          ? 'BigQuery told no time'
          : `the clock of this machine and BigQuery's differ by ${Math.round(answer.skewMs / 1_000)} s (at most 30 s is accepted)`;
      const sentence = `was not cancelled, for ${why}: whether the watchdog is at it cannot be told. Set the clock and ask again`;
      return { outcome: 'no-time', sentence, code: FINDINGS };
    }
    case 'not-asked': {
      const advice = adviceOf(answer.error);
      const sentence = `was not cancelled, for BigQuery took no request: ${answer.error.message}${advice === undefined ? '' : `; ${advice}`}`;
      return { outcome: 'not-asked', sentence, code: FINDINGS };
    }
    case 'held': {
      const { policy } = answer.claim;
      const by = policy === BY_HAND ? 'by hand already' : `by the watchdog already, for ${policy}`;
      const sentence = `is being cancelled ${by}; see bq-watchdog acts`;
      return { outcome: 'under-way', sentence, code: options.nosync ? FINE : FINDINGS };
    }
    case 'acted':
      return tellClaim(answer.claim, answer.job.type === 'COPY', options);
  }
}

function tellClaim({ state, outcome }: Claim, isCopy: boolean, { nosync, wait }: CancelOptions): Told {
  if (state === 'asked' || state === 'claimed') {
    if (nosync)
      return {
        outcome: 'asked',
        sentence: 'is to be cancelled: BigQuery was asked; see bq-watchdog acts',
        code: FINE,
      };
    const why = isCopy ? ': BigQuery does not stop copy jobs' : '';
    const sentence = `runs on ${printDuration(wait)} after BigQuery was asked to cancel it${why}. Look again with bq-watchdog jobs show, or ask again`;
    return { outcome: 'runs-on', sentence, code: FINDINGS };
  }
  switch (outcome) {
    case 'cancelled':
      return { outcome, sentence: 'was cancelled, though it may still be billed', code: FINE };
    case 'ended-first':
      return { outcome, sentence: 'ended by itself before it could be cancelled', code: FINE };
    case 'dry-run':
      return { outcome, sentence: 'was not cancelled, for WATCHDOG_DRY_RUN is true', code: FINDINGS };
    default:
      return {
        outcome: outcome ?? 'unknown',
        sentence: `was not cancelled: ${outcome ?? 'unknown'}`,
        code: FINDINGS,
      };
  }
}
