/**
 * The fields of a Job that hold text of users, or text of BigQuery's that may quote it: from the API's discovery
 * document, revisions 20250528 and 20260922. A test walks the document. `[]` is any item, `{}` any name, and a path
 * speaks for all that lies beneath it unless a longer one does. Findings name these paths, and nothing more exact.
 */
export interface TextField {
  readonly path: string;
  /** Texts here have names of the user's own, which may say what they are: `password`. */
  readonly named?: true;
  readonly isSql?: true;
}

const OF_JOB: readonly TextField[] = [
  { path: 'jobReference.jobId' },
  { path: 'configuration.labels', named: true },
  { path: 'configuration.reservation' },
  { path: 'status' },
  { path: 'status.errorResult' },
  { path: 'status.errors[]' },
];

const OF_QUERY: readonly TextField[] = [
  { path: 'query', isSql: true },
  { path: 'queryParameters[].name' },
  { path: 'queryParameters[].parameterType' },
  { path: 'queryParameters[].parameterValue', named: true },
  { path: 'secureContext', named: true },
  { path: 'systemVariables', named: true },
  { path: 'connectionProperties[]', named: true },
  { path: 'userDefinedFunctionResources[].inlineCode' },
  { path: 'userDefinedFunctionResources[].resourceUri' },
  { path: 'tableDefinitions{}' },
  { path: 'tableDefinitions{}.schema' },
  { path: 'tableDefinitions{}.sourceUris' },
  { path: 'clustering' },
  { path: 'createDisposition' },
  { path: 'defaultDataset' },
  { path: 'destinationEncryptionConfiguration' },
  { path: 'destinationTable' },
  { path: 'parameterMode' },
  { path: 'priority' },
  { path: 'rangePartitioning' },
  { path: 'schemaUpdateOptions' },
  { path: 'timePartitioning' },
  { path: 'writeDisposition' },
];

const OF_LOAD: readonly TextField[] = [
  { path: 'sourceUris' },
  { path: 'schema' },
  { path: 'schemaInline' },
  { path: 'schemaInlineFormat' },
  { path: 'connectionProperties[]', named: true },
  { path: 'destinationTableProperties' },
  { path: 'destinationTableProperties.labels', named: true },
  { path: 'clustering' },
  { path: 'createDisposition' },
  { path: 'dateFormat' },
  { path: 'datetimeFormat' },
  { path: 'destinationEncryptionConfiguration' },
  { path: 'destinationTable' },
  { path: 'encoding' },
  { path: 'fieldDelimiter' },
  { path: 'hivePartitioningOptions' },
  { path: 'nullMarker' },
  { path: 'nullMarkers' },
  { path: 'projectionFields' },
  { path: 'quote' },
  { path: 'rangePartitioning' },
  { path: 'referenceFileSchemaUri' },
  { path: 'schemaUpdateOptions' },
  { path: 'sourceFormat' },
  { path: 'timeFormat' },
  { path: 'timePartitioning' },
  { path: 'timestampFormat' },
  { path: 'timeZone' },
  { path: 'writeDisposition' },
];

const OF_EXTRACT: readonly TextField[] = [
  { path: 'destinationUri' },
  { path: 'destinationUris' },
  { path: 'compression' },
  { path: 'destinationFormat' },
  { path: 'fieldDelimiter' },
  { path: 'sourceModel' },
  { path: 'sourceTable' },
];

const OF_COPY: readonly TextField[] = [
  { path: 'createDisposition' },
  { path: 'destinationEncryptionConfiguration' },
  { path: 'destinationTable' },
  { path: 'sourceTable' },
  { path: 'sourceTables' },
  { path: 'writeDisposition' },
];

/** Of these any string is looked at, whatever it is called: messages, plans and models quote literals and data. */
const OF_STATISTICS: readonly TextField[] = [
  { path: 'query' },
  { path: 'query.mlStatistics' },
  { path: 'query.performanceInsights' },
  { path: 'query.queryInfo' },
  { path: 'query.queryPlan' },
  { path: 'query.referencedRoutines' },
  { path: 'query.referencedTables' },
  { path: 'query.schema' },
  { path: 'query.undeclaredQueryParameters' },
  { path: 'quotaDeferments' },
  { path: 'reservationUsage' },
  { path: 'reservation_id' },
  { path: 'scriptStatistics' },
  { path: 'scriptStatistics.stackFrames[].text', isSql: true },
  { path: 'sessionInfo' },
  { path: 'transactionInfo' },
];

export const TEXT_FIELDS: readonly TextField[] = [
  ...OF_JOB,
  ...within('configuration.query', OF_QUERY),
  ...within('configuration.load', OF_LOAD),
  ...within('configuration.extract', OF_EXTRACT),
  ...within('configuration.copy', OF_COPY),
  ...within('statistics', OF_STATISTICS),
];

function within(place: string, fields: readonly TextField[]): readonly TextField[] {
  return fields.map((field) => ({ ...field, path: `${place}.${field.path}` }));
}
