import type { Job } from '../job/job.ts';
import { isGoogleAgent, isServiceAccount } from '../job/service-account.ts';
import type { Refused } from './change.ts';
import type { Objection } from './objection.ts';
import type { RetryCandidate } from './retry-candidate.ts';
import type { RetryRule } from './retry-rule.ts';
import { isQuery, statementObjection } from './statement-writes.ts';

export type Eligibility = { readonly kind: 'eligible' } | Refused;

/** One case of a job that is not run again; undefined when it is not this case. */
type Check = (candidate: RetryCandidate) => Objection | undefined;

/** In this order: the first that holds is what people are told. docs/retry.md has them for owners. */
const CHECKS: readonly Check[] = [
  // Rule 2: what somebody cancelled, or its own timeout ended, stays ended. Whatever else its errors say.
  ({ job, facts }) =>
    when(
      [job.error, ...facts.errors].some((error) => error?.reason === 'stopped'),
      {
        why: 'stopped',
        sentence: 'it was cancelled, or stopped by its own jobTimeoutMs',
      },
    ),
  ({ job }) => when(job.state !== 'DONE' || !job.error, { why: 'not-failed', sentence: 'it did not fail' }),
  // Rule 5: a retry runs as the account of the job, and only a service account can be acted as.
  ({ job: { principal } }) =>
    when(principal === undefined, {
      why: 'principal-unknown',
      sentence: 'BigQuery does not tell who ran it, and a retry runs as that account or not at all',
    }),
  ({ job: { principal } }) =>
    when(principal !== undefined && isGoogleAgent(principal), {
      why: 'service-agent',
      sentence: "it was run by an account of Google's own, which nobody else can act as",
    }),
  ({ job: { principal } }) =>
    when(principal !== undefined && !isServiceAccount(principal), {
      why: 'person',
      sentence: "it was run by a person, and people's jobs are only told of",
    }),
  // What is not told is not taken for harmless.
  ({ job }) =>
    when(job.parent === undefined || job.dryRun === undefined || job.continuous === undefined, {
      why: 'no-configuration',
      sentence: 'BigQuery does not tell enough of it to say whether it may be run again',
    }),
  // A child is its script's to repeat [doc: multi-statement-queries.md].
  ({ job }) =>
    when(job.parent !== undefined && job.parent !== null, {
      why: 'child',
      sentence: 'it is a step of a script, and not a job by itself',
    }),
  // Rule 1, and nothing was lost: a dry run does nothing [doc: running-queries.md, Dry run].
  ({ job }) => when(job.dryRun === true, { why: 'dry-run', sentence: 'it was a dry run' }),
  // Rule 1; and from which moment it should go on is for its owner to say [doc: continuous-queries-introduction.md].
  ({ job }) =>
    when(job.continuous === true, {
      why: 'continuous',
      sentence: 'it is a continuous query, and from where it should go on is for its owner to say',
    }),
  // Temporary tables and variables of a session end with it [doc: sessions-intro.md].
  ({ facts }) =>
    when(facts.session, {
      why: 'session',
      sentence: 'it made a session or ran inside one, which cannot be had again',
    }),
  // [doc: transactions.md]
  ({ facts }) =>
    when(facts.transaction, {
      why: 'transaction',
      sentence: 'it is a part of a transaction, which has ended',
    }),
  ({ job, facts }) => objectionByType(job, facts),
];

/**
 * Whether a failed job can be run again without doing something that it did not do, or twice what it did. Whether its
 * failure is one that passes is for `retryableReason` to say, and whether the policy names its account for the judge.
 */
export function eligibility(
  candidate: RetryCandidate,
  rule: Pick<RetryRule, 'allowRepeatedWrites'>,
): Eligibility {
  const objection = objectionsTo(candidate).find(({ allowable }) => !(allowable && rule.allowRepeatedWrites));
  return objection ? refused(objection) : { kind: 'eligible' };
}

/** All that speaks against running a job again, what counts first first; some of it may not count for who asks. */
export function objectionsTo(candidate: RetryCandidate): readonly Objection[] {
  return CHECKS.flatMap((check) => check(candidate) ?? []);
}

function objectionByType(job: Job, facts: RetryCandidate['facts']): Objection | undefined {
  switch (job.type) {
    case 'QUERY':
      return queryObjection(job, facts);
    case 'LOAD':
      return (
        // The files came with the request that made it [doc: batch-loading-data.md, local files].
        when(!facts.namesSources, {
          why: 'local-upload',
          sentence: 'it loads files that were uploaded with it, which BigQuery does not keep',
        }) ?? appends(facts.writeDisposition ?? 'WRITE_APPEND')
      );
    case 'COPY':
      return appends(facts.writeDisposition ?? 'WRITE_EMPTY') ?? readsWhatItWrites(facts);
    case 'EXTRACT':
      // Each file is overwritten; but of a run that failed more files may be left than this one writes.
      return when(facts.wildcardExport, {
        why: 'export',
        sentence: 'it writes as many files as BigQuery sees fit, and more of a run that failed may be left',
        allowable: true,
      });
    default:
      return { why: 'type-unknown', sentence: 'it is of a kind that this version does not know' };
  }
}

function queryObjection(job: Job, facts: RetryCandidate['facts']): Objection | undefined {
  const { statement, script, writeDisposition } = facts;
  if (statement === undefined) {
    return { why: 'no-query-text', sentence: 'BigQuery does not tell the text of its query' };
  }
  const type = job.statementType ?? (script ? 'SCRIPT' : undefined);
  const objection = statementObjection(type, statement);
  if (objection) return objection;
  // Of other statements a disposition was filled in by BigQuery, and of a result that nobody named it means nothing.
  if (isQuery(type) && job.destinationTable !== null) {
    return appends(writeDisposition ?? 'WRITE_EMPTY') ?? readsWhatItWrites(facts);
  }
  return type === 'CREATE_TABLE_AS_SELECT' ? readsWhatItWrites(facts) : undefined;
}

/** What a table is made of may be the table itself and more: `SELECT * FROM t UNION ALL …` in its place appends. */
function readsWhatItWrites({ mayReadDestination }: RetryCandidate['facts']): Objection | undefined {
  return when(mayReadDestination, {
    why: 'append',
    sentence: 'it reads, or may read, the table that it writes, so that what it adds could be there twice',
    allowable: true,
  });
}

/** The dispositions that leave the same behind however often a job runs [discovery document: JobConfiguration]. */
const REPEATABLE: ReadonlySet<string> = new Set(['WRITE_EMPTY', 'WRITE_TRUNCATE', 'WRITE_TRUNCATE_DATA']);

function appends(disposition: string): Objection | undefined {
  return when(!REPEATABLE.has(disposition), {
    why: 'append',
    sentence: 'it appends to its table, so that rows could be there twice',
    allowable: true,
  });
}

function when(holds: boolean, objection: Objection): Objection | undefined {
  return holds ? objection : undefined;
}

function refused({ why, sentence, allowable }: Objection): Refused {
  const advice = allowable ? '; "allowRepeatedWrites: true" has such jobs run again' : '';
  return { kind: 'refused', why, sentence: `${sentence}${advice}` };
}
