import type { JobError } from './job.ts';
import type { RedactionOptions } from './redacted.ts';
import { RerunResource } from './rerun-facts.schema.ts';
import { errorOfRest } from './rest-error.ts';
import { type StatementForm, statementForm } from './statement-form.ts';
import { mayReadDestination } from './tables-read.ts';
import { told } from './told.ts';

/** What only the whole resource tells, and what running the job again depends on. */
export interface RerunFacts {
  /** `status.errors`: every error, and warnings. */
  readonly errors: readonly JobError[];
  /** It has or had children. */
  readonly script: boolean;
  /** It opened a session, or ran in one. */
  readonly session: boolean;
  readonly transaction: boolean;
  /** BigQuery's word (`WRITE_APPEND`, …); of a statement that is no SELECT BigQuery fills one in that means nothing. */
  readonly writeDisposition?: string;
  /** It names the table that it writes among those that it reads, or not all of these can be told. */
  readonly mayReadDestination: boolean;
  /** Of a load: it names its files. One that does not had them uploaded with it. */
  readonly namesSources: boolean;
  /** Of an extract: into how many files it writes is BigQuery's choice. */
  readonly wildcardExport: boolean;
  /** Of a query whose text is there. */
  readonly statement?: StatementForm;
}

/** Reads a Job resource as `jobs.get` gives it whole. Tolerant: what is not as documented is not there. */
export function readRerunFacts(resource: unknown, options: RedactionOptions = {}): RerunFacts {
  const read = RerunResource.parse(resource) ?? {};
  const { configuration, statistics, status } = read;
  const { query, load, extract, copy } = configuration ?? {};
  const properties = (query?.connectionProperties ?? []).map((property) => property?.key);
  const uris = [...(extract?.destinationUris ?? []), extract?.destinationUri ?? ''];
  return {
    // One that cannot be read has no reason, and so is none that a policy answers.
    errors: (status?.errors ?? []).map((error) => errorOfRest(error ?? {}, options)),
    script: (statistics?.numChildJobs ?? 0) > 0 || statistics?.scriptStatistics !== undefined,
    session:
      query?.createSession === true ||
      properties.includes('session_id') ||
      statistics?.sessionInfo !== undefined,
    transaction: statistics?.transactionInfo !== undefined,
    mayReadDestination: mayReadDestination(read),
    namesSources: (load?.sourceUris ?? []).length > 0,
    wildcardExport: uris.some((uri) => uri?.includes('*') ?? true),
    ...told({
      writeDisposition: query?.writeDisposition ?? load?.writeDisposition ?? copy?.writeDisposition,
      statement: query?.query === undefined ? undefined : statementForm(query.query),
    }),
  };
}
