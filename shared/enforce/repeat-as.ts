import { ForbiddenError, WriteRefusedError } from '../bigquery/errors.ts';
import type { InsertOptions } from '../bigquery/jobs-client.ts';
import type { DryRun, DryRunRequest } from '../bigquery/query-dry-run.ts';
import type { Job } from '../job/job.ts';
import { isServiceAccount } from '../job/service-account.ts';
import type { JsonObject } from '../retry/json.ts';

/** BigQuery's own dry run of a query, in which nothing is run. */
export type AskDryRun = (request: DryRunRequest, options: InsertOptions) => Promise<DryRun>;

export type RepeatAs =
  /** `account`: the one that is acted as; undefined: whoever calls, who is `principal`. */
  { readonly kind: 'known'; readonly principal: string; readonly account: string | undefined } | NotAs;

/** Nobody here may run the job as who it was. */
export interface NotAs {
  readonly kind: 'refused';
  readonly why: 'principal-unknown' | 'not-yours' | 'caller-unknown';
  readonly sentence: string;
}

/** A query of which nothing is known but who asks; it names no data, so that it needs no right but to create jobs. */
const NOTHING: JsonObject = { query: { query: 'SELECT 1', useLegacySql: false } };

/**
 * As whom a job is run again by hand: who ran it, and nobody else. Whoever calls is whom BigQuery says it would run a
 * dry run as, in the same project with the same credentials: what BigQuery says of itself cannot be wrong. A service
 * account that is not the caller is acted as, if the caller may. A person can only be who calls.
 *
 * @throws the errors of `bigquery/errors.ts`; `WriteRefusedError` when nobody can be asked, as in a dry run
 */
export async function repeatAs(job: Job, deadlineAtMs: number, ask: AskDryRun): Promise<RepeatAs> {
  const { principal } = job;
  if (principal === undefined) {
    return refused(
      'principal-unknown',
      'BigQuery does not tell who ran it, and it runs again as them or not at all',
    );
  }
  const canBeActedAs = isServiceAccount(principal);
  const caller = await callerOf(job, deadlineAtMs, ask).catch((error: unknown) => {
    // Who may not create jobs there themselves may act as an account that may.
    const isRefused = error instanceof ForbiddenError || error instanceof WriteRefusedError;
    if (canBeActedAs && isRefused) return undefined;
    throw error;
  });
  if (caller === principal) return { kind: 'known', principal, account: undefined };
  if (canBeActedAs) return { kind: 'known', principal, account: principal };
  if (caller === undefined) {
    const sentence = `it was run by ${principal}, and BigQuery does not tell whether that is you; send it again yourself, as with bq`;
    return refused('caller-unknown', sentence);
  }
  const sentence = `it was run by ${principal}, and you are ${caller}: nobody can act as a person, so ask ${principal} to run it again`;
  return refused('not-yours', sentence);
}

async function callerOf(
  { name: { projectId, location } }: Job,
  deadlineAtMs: number,
  ask: AskDryRun,
): Promise<string | undefined> {
  const told = await ask({ projectId, location, configuration: NOTHING }, { deadlineAtMs, as: undefined });
  return told.principal;
}

function refused(why: NotAs['why'], sentence: string): NotAs {
  return { kind: 'refused', why, sentence };
}
