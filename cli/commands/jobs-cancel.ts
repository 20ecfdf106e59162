import { type ByHand, cancelByHand } from '../../shared/enforce/by-hand.ts';
import { BY_HAND } from '../../shared/enforce/without-policy.ts';
import { formatJobName, type JobName } from '../../shared/job/job-name.ts';
import type { Claim, Ledger } from '../../shared/ledger/ledger.ts';
import { printDuration } from '../../shared/units/duration.ts';
import { type DefineCommand, type FormatOptions, formatOption, printResult } from '../command.ts';
import { adviceOf } from '../errors.ts';
import { JOB_ARGUMENT, type JobArgumentOptions, jobArgument, locationOption } from '../job-argument.ts';
import { type EndpointOptions, endpointOption, openJobsClient } from '../jobs-client.ts';
import { type LedgerOptions, ledgerOption, withLedger } from '../ledger-option.ts';
import { personOf } from '../person.ts';
import { projectOption } from '../project-option.ts';
import { SILENT_LOG } from '../silent-log.ts';
import { type ExitCode, FINDINGS, FINE, type Terminal } from '../terminal.ts';
import { nosyncOption, type WaitOptions, waitOption, waitSpan } from '../wait-option.ts';

type CancelOptions = FormatOptions & EndpointOptions & JobArgumentOptions & LedgerOptions & WaitOptions;

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
    .addOption(nosyncOption())
    .addOption(waitOption())
    .addOption(ledgerOption())
    .addOption(endpointOption())
    .addOption(formatOption())
    .action((job: string, options: CancelOptions) =>
      run(options.format, (terminal) => cancel(job, options, terminal)),
    );
};

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
  const { span, leaseMs } = waitSpan(options, clock.now());
  return cancelByHand(name, personOf(terminal), span, {
    clock,
    ledger,
    jobs: openJobsClient(options, terminal),
    log: SILENT_LOG,
    verb: 'cancel',
    holder: `by-hand-${random().toString(36).slice(2)}`,
    leaseMs,
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
