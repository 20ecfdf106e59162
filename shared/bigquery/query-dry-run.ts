import { principalOf } from '../job/principal.ts';
import { RestJob } from '../job/rest-job.schema.ts';
import { isJsonObject, type JsonObject } from '../retry/json.ts';
import { callerOf, type JobsClientParts } from './backing-off-client.ts';
import { makeCall } from './caller.ts';
import { TerminalError } from './errors.ts';
import type { InsertOptions } from './jobs-client.ts';
import { printNewJob } from './new-job-name.ts';

/** A query that is to be checked and not run. */
export interface DryRunRequest {
  readonly projectId: string;
  readonly location: string | undefined;
  /** A job's `configuration`, of a query. */
  readonly configuration: JsonObject;
}

/** What BigQuery told of a query that it checked and did not run. */
export interface DryRun {
  /** As whom it would run. */
  readonly principal?: string;
  /** What it would process, where BigQuery can tell. */
  readonly bytes?: DryRunBytes;
}

export interface DryRunBytes {
  readonly amount: number;
  readonly accuracy: 'PRECISE' | 'LOWER_BOUND' | 'UPPER_BOUND';
}

/** Whether BigQuery can check it without running it: "Behavior of non-query jobs is undefined" [JobConfiguration.dryRun]. */
export function hasDryRun(configuration: JsonObject): boolean {
  return isJsonObject(configuration['query']);
}

/**
 * BigQuery's own dry run: nothing is run, and no job comes to be. An id is not asked for, since none is used up. What
 * refuses writes refuses it too, for it is an insert.
 *
 * @throws the errors of `errors.ts`; `TerminalError` also for what is no query, and for an answer that does not say
 *   that it is of a dry run
 */
export async function dryRun(
  parts: JobsClientParts,
  { projectId, location, configuration }: DryRunRequest,
  { deadlineAtMs, as: account }: InsertOptions,
): Promise<DryRun> {
  const call = { method: 'insert', target: printNewJob(projectId, undefined), account } as const;
  if (!hasDryRun(configuration)) {
    throw new TerminalError(call, 'BigQuery has dry runs of queries only; nothing was sent');
  }
  const actor = account === undefined ? parts.api : parts.api.asAccount(account);
  const body = {
    jobReference: { projectId, ...(location !== undefined && { location }) },
    configuration: { ...configuration, dryRun: true },
  };
  return makeCall(callerOf(parts), {
    ...call,
    deadlineAtMs,
    send: (signal) => actor.insert(projectId, body, signal),
    read: ({ answer }) => {
      const told = RestJob.parse(answer.body);
      if (told?.configuration?.dryRun === true) return readDryRun(told);
      throw new TerminalError(
        call,
        'the answer is of no dry run: what is at that endpoint may have run it; look at its jobs',
      );
    },
  });
}

function readDryRun({ user_email: email, principal_subject: subject, statistics }: RestJob): DryRun {
  const principal = principalOf(email, subject);
  const amount = statistics?.totalBytesProcessed ?? statistics?.query?.totalBytesProcessed;
  const accuracy = accuracyOf(statistics?.query?.totalBytesProcessedAccuracy);
  return {
    ...(principal !== undefined && { principal }),
    ...(amount !== undefined && accuracy !== undefined && { bytes: { amount, accuracy } }),
  };
}

/** BigQuery's words [discovery document: JobStatistics2.totalBytesProcessedAccuracy]; any other says that it does not know. */
function accuracyOf(word = 'PRECISE'): DryRunBytes['accuracy'] | undefined {
  return word === 'PRECISE' || word === 'LOWER_BOUND' || word === 'UPPER_BOUND' ? word : undefined;
}
