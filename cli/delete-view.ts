import { WriteRefusedError } from '../shared/bigquery/errors.ts';
import type { PurgedByHand, PurgePlan } from '../shared/enforce/purge-by-hand.ts';
import { BY_HAND } from '../shared/enforce/without-policy.ts';
import { formatJobName } from '../shared/job/job-name.ts';
import { count } from './count.ts';
import { adviceOf } from './errors.ts';
import { isoTime } from './job-view.ts';
import { oneLine } from './one-line.ts';
import { type ExitCode, FINDINGS, FINE } from './terminal.ts';

/** What became of a job that was to be deleted. */
export interface ToldDelete {
  /** For programs; docs/cli.md lists them. */
  readonly outcome: string;
  /** For a person, after the job's name. */
  readonly sentence: string;
  readonly code: ExitCode;
}

/** What a person is asked before it is deleted. */
export function questionOf({ job, children }: PurgePlan): string {
  const who = job.principal === undefined ? '' : `, run by ${oneLine(job.principal)}`;
  const ended = job.endTimeMs === undefined ? '' : `, ended ${isoTime(job.endTimeMs)}`;
  const family = children.length === 0 ? '' : ` and of its ${count(children.length, 'child', 'children')}`;
  return `Delete the metadata of ${formatJobName(job.name)}${who}${ended}${family}? It cannot be undone. [y/N]`;
}

export function tellDelete(
  answer: PurgedByHand,
  { nosync = false }: { readonly nosync?: boolean },
): ToldDelete {
  switch (answer.kind) {
    case 'purged':
      return { outcome: 'purged', sentence: sentenceOfPurged(answer), code: FINE };
    case 'asked': {
      const sentence = nosync
        ? 'is to be deleted: BigQuery was asked; see bq-watchdog acts'
        : 'is not seen to be gone yet, though BigQuery was asked to delete it: a sweep of the function purge looks again, or ask again';
      return { outcome: 'asked', sentence, code: nosync ? FINE : FINDINGS };
    }
    case 'not-asked':
      return notAsked(answer.error);
    case 'held': {
      const { policy } = answer.claim;
      const by = policy === BY_HAND ? 'by hand already' : `by the watchdog already, for ${policy}`;
      return not('under-way', `is being deleted ${by}; see bq-watchdog acts`);
    }
    default:
      return tellRefused(answer);
  }
}

type Refused = Exclude<PurgedByHand, { readonly kind: 'purged' | 'asked' | 'not-asked' | 'held' }>;

/** Nothing was done. */
function tellRefused(answer: Refused): ToldDelete {
  switch (answer.kind) {
    case 'gone':
      return not(
        'not-found',
        'is not known to BigQuery there, so nothing was deleted; check project and job id, and name the location (--location): without one BigQuery looks in US and EU only',
      );
    case 'child': {
      const parent = formatJobName(answer.parent);
      return not(
        'child',
        `is a child of ${parent}, and is deleted only with it: bq-watchdog jobs delete ${parent}`,
      );
    }
    case 'not-ended': {
      const running = formatJobName(answer.running);
      const what = running === formatJobName(answer.job.name) ? 'it' : `its child ${running}`;
      return not('not-ended', `was not deleted, for ${what} runs still; bq-watchdog jobs cancel ends it`);
    }
    case 'children-unlisted':
      return not(
        'children-unlisted',
        'was not deleted, for it ended so lately that not all of its children are listed; ask again in a minute',
      );
    case 'too-many-children':
      return not(
        'too-many-children',
        'was not deleted, for it has more children than are looked at; make sure that none is on hold, and use bq rm -j',
      );
    case 'no-time': {
      const why =
        answer.skewMs === undefined
          ? 'BigQuery told no time'
          : `the clock of this machine and BigQuery's differ by ${Math.round(answer.skewMs / 1_000)} s (at most 30 s is accepted)`;
      return not(
        'no-time',
        `was not deleted, for ${why}: what is on hold now cannot be told. Set the clock and ask again`,
      );
    }
    case 'on-hold': {
      const { hold, untilMs, unseen } = answer.hold;
      const until = untilMs === undefined ? '' : ` until ${isoTime(untilMs)}`;
      const what = unseen === undefined ? 'it' : `one of ${unseen} children that no list shows`;
      const is = unseen === undefined ? 'is' : 'may be';
      return not(
        'on-hold',
        `was not deleted, for ${what} ${is} on hold${until} (${hold}); bq-watchdog hold list tells why`,
      );
    }
    case 'held-elsewhere':
      return not(
        'on-hold',
        'was not deleted, for the watchdog keeps it for a legal hold: name its file of holds with --holds or WATCHDOG_HOLDS',
      );
    case 'holds-unreadable':
      return not(
        'holds-unreadable',
        `was not deleted, for what is on hold cannot be read: ${oneLine(answer.fault)}`,
      );
    case 'retry-pending':
      return not(
        'retry-pending',
        `was not deleted, for a retry that it belongs to goes first, until ${isoTime(answer.untilMs)} at most; see bq-watchdog acts`,
      );
  }
}

function notAsked(error: Extract<PurgedByHand, { readonly kind: 'not-asked' }>['error']): ToldDelete {
  if (error instanceof WriteRefusedError) {
    return not('dry-run', 'was not deleted, for WATCHDOG_DRY_RUN is true');
  }
  if (!error)
    return not('not-asked', 'was not deleted, for something has changed since it was looked at; ask again');
  const advice = adviceOf(error);
  const more = advice === undefined ? '' : `; ${advice}`;
  return not('not-asked', `was not deleted, for BigQuery took no request: ${error.message}${more}`);
}

function not(outcome: string, sentence: string): ToldDelete {
  return { outcome, sentence, code: FINDINGS };
}

function sentenceOfPurged({ certificate }: Extract<PurgedByHand, { readonly kind: 'purged' }>): string {
  const { children, childrenUnseen, verifiedAtMs, copiesNotReached } = certificate;
  const seen = children.length === 0 ? '' : ` with ${count(children.length, 'child', 'children')}`;
  const family = childrenUnseen === undefined ? seen : `${seen} and ${childrenUnseen} that no list showed`;
  return `was deleted${family}, and BigQuery knew it no more at ${isoTime(verifiedAtMs)}. Copies may remain in: ${copiesNotReached.join(', ')} (docs/purge.md)`;
}
