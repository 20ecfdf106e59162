import type { Job, JobState, JobType, TableName } from './job.ts';
import { isNoQuery, priorityOf, statementTypeOf, typeOf } from './job-words.ts';
import { Redacted, type RedactionOptions } from './redacted.ts';
import type { RawTable, RestConfiguration, RestJob, RestStatistics } from './rest-job.schema.ts';
import { destinationOf, distinctTables, namedDestination, tableOfReference } from './table-name.ts';
import { COMPLETE_BELOW } from './tables-read.ts';

/** Which method answered. Of a list, what is missing tells nothing that the list is not documented to tell. */
export type Source = 'get' | 'list';

/** What the configuration and the statistics of a REST job tell; undefined where they do not. */
export function detailsOf(job: RestJob, state: JobState, source: Source, options: RedactionOptions) {
  const { configuration: config, statistics } = job;
  const type = typeOfRest(config, statistics);
  const query = isNoQuery(type) ? undefined : statistics?.query;
  // BigQuery fills these in while a job waits: only what a `get` lacks after that is known not to be.
  const settled = source === 'get' && state !== 'PENDING';
  return {
    type,
    labels: config === undefined ? undefined : (config.labels ?? new Map<string, string>()),
    priority: priorityOfRest(type, config),
    statementType: statementTypeOf(type, statistics?.query?.statementType),
    dryRun: config === undefined ? undefined : (config.dryRun ?? false),
    continuous: continuousOf(type, config),
    reservation: reservationOf(statistics?.reservation_id, settled),
    edition: editionOf(statistics?.edition, settled),
    referencedTables: tablesRead(type, config, statistics),
    destinationTable: destination(type, config, settled),
    slotMs: statistics?.totalSlotMs ?? query?.totalSlotMs,
    bytesProcessed: bytesProcessed(type, config, statistics),
    bytesBilled: query?.totalBytesBilled,
    cacheHit: query?.cacheHit,
    estimatedBytes: estimate(type, statistics),
    query:
      config?.query?.query === undefined ? undefined : new Redacted(config.query.query, options.redactionKey),
  } satisfies { [K in keyof Job]?: Job[K] | undefined };
}

/**
 * Of statistics, the query's come last: an EXTRACT job with `statistics.query` is in the wild. A query's
 * configuration that holds nothing says the least.
 */
function typeOfRest(config: RestConfiguration | undefined, statistics: RestStatistics | undefined) {
  const asked = config?.query;
  const saysMore = asked !== undefined && Object.values(asked).some((value) => value !== undefined);
  return typeOf(config?.jobType, () => [
    ['QUERY', saysMore ? asked : undefined],
    ['LOAD', config?.load],
    ['EXTRACT', config?.extract],
    ['COPY', config?.copy],
    ['EXTRACT', statistics?.extract],
    ['LOAD', statistics?.load],
    ['COPY', statistics?.copy],
    ['QUERY', statistics?.query],
    ['QUERY', asked],
  ]);
}

/** What is configured of a query; that there is nothing is told also by a configuration of that type without one. */
function queryOf(type: JobType | undefined, config: RestConfiguration | undefined) {
  if (type !== 'QUERY') return undefined;
  return config?.query ?? (config?.jobType === 'QUERY' ? {} : undefined);
}

/** INTERACTIVE is the documented default of a query that sets none [discovery document: JobConfigurationQuery]. */
function priorityOfRest(type: JobType | undefined, config: RestConfiguration | undefined) {
  const query = queryOf(type, config);
  if (query === undefined) return undefined;
  return query.priority === undefined ? 'INTERACTIVE' : priorityOf(query.priority);
}

/** A configuration without a query is of no continuous query, whatever kind of job it is of. */
function continuousOf(type: JobType | undefined, config: RestConfiguration | undefined) {
  if (isNoQuery(type)) return false;
  return config === undefined ? undefined : (config.query?.continuous ?? false);
}

function reservationOf(id: string | undefined, settled: boolean): string | null | undefined {
  if (id === 'unreserved') return null;
  return id ?? (settled ? null : undefined);
}

/** `RESERVATION_EDITION_UNSPECIFIED` says that there is none to tell [discovery document: JobStatistics.edition]. */
function editionOf(word: string | undefined, settled: boolean): string | null | undefined {
  const edition = word?.endsWith('_UNSPECIFIED') ? undefined : word;
  return edition ?? (settled ? null : undefined);
}

function tablesRead(
  type: JobType | undefined,
  config: RestConfiguration | undefined,
  statistics: RestStatistics | undefined,
): readonly TableName[] | undefined {
  const raw = rawTablesRead(type, config, statistics);
  return raw === undefined ? undefined : distinctTables(raw.map(tableOfReference));
}

function rawTablesRead(
  type: JobType | undefined,
  config: RestConfiguration | undefined,
  statistics: RestStatistics | undefined,
): readonly (RawTable | undefined)[] | undefined {
  switch (type) {
    case 'LOAD':
      return [];
    case 'EXTRACT':
      return config?.extract?.sourceModel === undefined ? [config?.extract?.sourceTable] : [];
    case 'COPY':
      return config?.copy === undefined ? undefined : (config.copy.sourceTables ?? [config.copy.sourceTable]);
    default: {
      const tables = statistics?.query?.referencedTables;
      // An exemption could name a table that was cut off.
      return tables !== undefined && tables.length < COMPLETE_BELOW ? tables : undefined;
    }
  }
}

function destination(
  type: JobType | undefined,
  config: RestConfiguration | undefined,
  settled: boolean,
): TableName | null | undefined {
  const query = queryOf(type, config);
  const raw = query?.destinationTable;
  const none = settled && query !== undefined ? null : undefined;
  return destinationOf(type, {
    load: tableOfReference(config?.load?.destinationTable),
    copy: tableOfReference(config?.copy?.destinationTable),
    query: raw === undefined ? none : namedDestination(tableOfReference(raw)),
  });
}

/** What was read; a dry run reads nothing, and tells its estimate here. */
function bytesProcessed(
  type: JobType | undefined,
  config: RestConfiguration | undefined,
  statistics: RestStatistics | undefined,
): number | undefined {
  if (config?.dryRun === true) return undefined;
  const processed = statistics?.totalBytesProcessed;
  if (type === 'EXTRACT') return statistics?.extract?.inputBytes ?? processed;
  if (type === 'LOAD') return statistics?.load?.inputFileBytes ?? processed;
  return processed ?? (type === 'COPY' ? undefined : statistics?.query?.totalBytesProcessed);
}

/** A zero is no estimate when the query names tables, or when BigQuery says that it does not know. */
function estimate(type: JobType | undefined, statistics: RestStatistics | undefined): number | undefined {
  const query = isNoQuery(type) ? undefined : statistics?.query;
  const bytes = query?.estimatedBytesProcessed;
  if (bytes !== 0) return bytes;
  const unknown = query?.totalBytesProcessedAccuracy === 'UNKNOWN';
  return unknown || (query?.referencedTables ?? []).length > 0 ? undefined : 0;
}
