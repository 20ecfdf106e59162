import { WriteRefusedError } from '../shared/bigquery/errors.ts';
import { NotImpersonableError } from '../shared/bigquery/impersonation-errors.ts';
import type { DryRunBytes } from '../shared/bigquery/query-dry-run.ts';
import type { Repeated } from '../shared/enforce/repeat-by-hand.ts';
import type { RepeatPlan } from '../shared/enforce/repeat-plan.ts';
import { reasonOf } from '../shared/enforce/retry-alerts.ts';
import { BY_HAND } from '../shared/enforce/without-policy.ts';
import type { Job } from '../shared/job/job.ts';
import { formatJobName } from '../shared/job/job-name.ts';
import { printUnreadJob } from '../shared/job/unread-job.ts';
import { printBytes } from '../shared/units/bytes.ts';
import { printDuration } from '../shared/units/duration.ts';
import { adviceOf } from './errors.ts';
import { type ExitCode, FINDINGS, FINE } from './terminal.ts';
import type { WaitOptions } from './wait-option.ts';

/** What became of a job that was to be repeated. */
export interface ToldRepeat {
  /** For programs; docs/cli.md lists them. */
  readonly outcome: string;
  /** For a person, after the job's name. */
  readonly sentence: string;
  readonly code: ExitCode;
}

/** What was asked for, as far as the words depend on it. */
interface RepeatViewOptions extends WaitOptions {
  readonly allowRepeatedWrites?: boolean;
}

/** What a person is asked before the job runs again. */
export function questionOf({ named: { job }, allowed }: RepeatPlan): string {
  const how = job.error ? `It failed with ${reasonOf(job)}.` : 'It did not fail.';
  const twice = allowed === undefined ? '' : ` Mind that ${allowed}.`;
  return `${how}${twice} Run it again? [y/N]`;
}

export function tellRepeat(answer: Repeated, options: RepeatViewOptions): ToldRepeat {
  switch (answer.kind) {
    case 'repeated':
      return tellAgain(answer.again, options);
    case 'in-doubt': {
      const other = formatJobName(answer.other);
      const sentence = `may run again as ${other}, for BigQuery did not answer: look with bq-watchdog jobs show ${other}, or ask again, which goes on with that job`;
      return failed('in-doubt', sentence);
    }
    case 'not-asked':
      return tellNotAsked(answer.error);
    case 'id-taken':
      return failed(
        'id-taken',
        `was not run again, for the id of ${formatJobName(answer.other)} is that of another job; ask again for the next attempt`,
      );
    case 'changed':
      return failed(
        'changed',
        'was not run again, for something has changed since it was looked at; ask again',
      );
    case 'alike-held':
      return failed(
        'under-way',
        'was not run again, for a job that does the same is about to be; see bq-watchdog acts, and ask again',
      );
    case 'held': {
      const { policy } = answer.claim;
      const by = policy === BY_HAND ? 'by hand already' : `by the watchdog already, for ${policy}`;
      return failed('under-way', `is being run again ${by}; see bq-watchdog acts`);
    }
    case 'runs-again':
      return failed('runs-again', `runs again already, as ${formatJobName(answer.other)}; nothing was done`);
    case 'ran-again': {
      const flag = options.allowRepeatedWrites ? ' --allow-repeated-writes' : '';
      const other = formatJobName(answer.other);
      const sentence = `was run again since, as ${other}, and that succeeded; nothing was done. To repeat that one: bq-watchdog jobs repeat ${other}${flag}`;
      return failed('ran-again', sentence);
    }
    case 'not-ended':
      return failed('not-ended', 'has not ended; nothing was done. Wait for its end, or cancel it first');
    case 'child': {
      const parent = formatJobName(answer.parent);
      const sentence = `is a child of the script ${parent}; nothing was done. Repeat the script: bq-watchdog jobs repeat ${parent}`;
      return failed('child', sentence);
    }
    case 'refused': {
      const advice = answer.allowable ? '; --allow-repeated-writes has it run again all the same' : '';
      return failed('refused', `is not run again: ${answer.sentence}${advice}`);
    }
    case 'unreachable': {
      const { unread } = answer;
      const why = unread
        ? `a job that BigQuery lists cannot be read (${printUnreadJob(unread)}), and may do the same`
        : 'its location does not answer';
      const sentence = `was not run again, for ${why}: whether it runs there already cannot be told. Ask again later`;
      return failed('unreachable', sentence);
    }
    case 'no-time': {
      const why =
        answer.skewMs === undefined
          ? 'BigQuery told no time'
          : `the clock of this machine and BigQuery's differ by ${Math.round(answer.skewMs / 1_000)} s (at most 30 s is accepted)`;
      const sentence = `was not run again, for ${why}: whether the watchdog is at it cannot be told. Set the clock and ask again`;
      return failed('no-time', sentence);
    }
  }
}

/** Of the job that it runs again as. */
function tellAgain(again: Job, { nosync, wait }: WaitOptions): ToldRepeat {
  const name = formatJobName(again.name);
  if (again.state === 'DONE') {
    return again.error
      ? failed(
          'failed',
          `ran again as ${name}, and failed with ${reasonOf(again)}; a sweep of the watchdog sees whether a policy goes on`,
        )
      : { outcome: 'succeeded', sentence: `ran again as ${name}, and succeeded`, code: FINE };
  }
  if (nosync) return { outcome: 'asked', sentence: `runs again as ${name}`, code: FINE };
  return failed(
    'runs-on',
    `runs again as ${name}, and still does after ${printDuration(wait)}. Look again with bq-watchdog jobs show ${name}`,
  );
}

/** BigQuery took no request. */
export function tellNotAsked(error: Error): ToldRepeat {
  if (error instanceof WriteRefusedError) {
    return failed('dry-run', 'was not run again, for WATCHDOG_DRY_RUN is true');
  }
  const advice =
    error instanceof NotImpersonableError
      ? 'it is you who acts as the account: in that command, name yourself, as user:YOU@example.com'
      : adviceOf(error);
  const what = `was not run again, for BigQuery took no request: ${error.message}`;
  return failed('not-asked', advice === undefined ? what : `${what}; ${advice}`);
}

/** A dry run that BigQuery made; undefined: it has none of such jobs. */
export function tellDryRun(dryRun: { readonly bytes?: DryRunBytes } | undefined): ToldRepeat {
  if (dryRun === undefined) {
    const sentence = 'would be run again so; BigQuery has dry runs of queries only, so it was not asked';
    return { outcome: 'not-checked', sentence, code: FINE };
  }
  const { bytes } = dryRun;
  const much =
    bytes === undefined
      ? 'does not tell how much it would process'
      : `would process ${WORDS[bytes.accuracy]}${printBytes(bytes.amount)}`;
  return {
    outcome: 'checked',
    sentence: `would be run again so: BigQuery takes it, and ${much}`,
    code: FINE,
  };
}

const WORDS: Readonly<Record<DryRunBytes['accuracy'], string>> = {
  PRECISE: '',
  LOWER_BOUND: 'at least ',
  UPPER_BOUND: 'up to ',
};

function failed(outcome: string, sentence: string): ToldRepeat {
  return { outcome, sentence, code: FINDINGS };
}
