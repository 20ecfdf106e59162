import type { TableName } from './job.ts';
import { type RawTable, RestJob } from './rest-job.schema.ts';
import { namedDestination, tableOfReference } from './table-name.ts';

/** A table that a job reads or writes, and the field that says so, by its path in a Job resource. */
export interface ToldTable {
  readonly field: string;
  readonly table: TableName;
}

/**
 * Every table that a Job resource names as read or written, with decorators taken off; anonymous results are none. Where
 * `Job.referencedTables` is silent because a list may be cut, this has what there is of it.
 */
export function tablesTold(resource: unknown): readonly ToldTable[] {
  const { configuration, statistics } = RestJob.parse(resource) ?? {};
  const { query, load, extract, copy } = configuration ?? {};
  return [
    ...named('statistics.query.referencedTables', statistics?.query?.referencedTables),
    ...named('configuration.extract.sourceTable', [extract?.sourceTable]),
    ...named('configuration.copy.sourceTables', copy?.sourceTables),
    ...named('configuration.copy.sourceTable', [copy?.sourceTable]),
    ...named('configuration.query.destinationTable', [query?.destinationTable]),
    ...named('configuration.load.destinationTable', [load?.destinationTable]),
    ...named('configuration.copy.destinationTable', [copy?.destinationTable]),
  ];
}

function named(field: string, tables: readonly (RawTable | undefined)[] = []): readonly ToldTable[] {
  return tables.flatMap((raw) => {
    const table = namedDestination(tableOfReference(raw));
    return table ? [{ field, table }] : [];
  });
}
