/** A way for text to come into a job, and the field in which it must be found. */
export interface Placement {
  readonly where: string;
  readonly field: string;
  /** What cannot stand there without ceasing to be what it is: a quote in a literal, a capital in a label. */
  takes(text: string): boolean;
  job(text: string): Record<string, unknown>;
}

const QUERY = 'configuration.query';

const anything = (): boolean => true;
const oneLine = (text: string): boolean => !/[\n"'\\]/.test(text);
const noQuote = (text: string): boolean => !/["'\\]/.test(text);

const query = (text: string): Record<string, unknown> => ({
  jobReference: { projectId: 'shop', jobId: 'bquxjob_5a1e', location: 'EU' },
  configuration: { jobType: 'QUERY', query: { query: text, useLegacySql: false } },
});

const withQuery = (fields: Record<string, unknown>): Record<string, unknown> => ({
  configuration: { jobType: 'QUERY', query: { query: 'SELECT 1', ...fields } },
});

const withLoad = (fields: Record<string, unknown>): Record<string, unknown> => ({
  configuration: { jobType: 'LOAD', load: { destinationTable: { datasetId: 'd', tableId: 't' }, ...fields } },
});

export const IN_SQL: Placement = {
  where: 'a query',
  field: `${QUERY}.query`,
  takes: anything,
  job: query,
};

export const PLACEMENTS: readonly Placement[] = [
  {
    where: 'a literal',
    field: `${QUERY}.query`,
    takes: oneLine,
    job: (text) => query(`SELECT order_id FROM shop.orders WHERE note = '${text}' LIMIT 10`),
  },
  {
    where: 'a literal of three quotes',
    field: `${QUERY}.query`,
    takes: noQuote,
    job: (text) => query(`SELECT """${text}""" AS note`),
  },
  {
    where: 'a literal with escapes around it',
    field: `${QUERY}.query`,
    takes: oneLine,
    job: (text) => query(`SELECT 'line one\\n${text}\\nline three'`),
  },
  {
    where: 'a comment at the end of a line',
    field: `${QUERY}.query`,
    takes: oneLine,
    job: (text) => query(`SELECT 1 -- as in ${text}\nFROM shop.orders`),
  },
  {
    where: 'a comment of more lines',
    field: `${QUERY}.query`,
    takes: anything,
    job: (text) => query(`/* copied from the ticket:\n${text}\n*/\nSELECT 1`),
  },
  {
    where: 'a parameter',
    field: `${QUERY}.queryParameters[].parameterValue`,
    takes: anything,
    job: (text) =>
      withQuery({
        queryParameters: [{ name: 'p', parameterType: { type: 'STRING' }, parameterValue: { value: text } }],
      }),
  },
  {
    where: 'a struct within an array of a parameter',
    field: `${QUERY}.queryParameters[].parameterValue`,
    takes: anything,
    job: (text) =>
      withQuery({
        queryParameters: [
          {
            parameterType: { type: 'ARRAY' },
            parameterValue: { arrayValues: [{ structValues: { note: { value: text } } }] },
          },
        ],
      }),
  },
  {
    where: 'the code of a function',
    field: `${QUERY}.userDefinedFunctionResources[].inlineCode`,
    takes: noQuote,
    job: (text) =>
      withQuery({
        userDefinedFunctionResources: [{ inlineCode: `const note = \`${text}\`;\nreturn note + x;` }],
      }),
  },
  {
    where: 'the description of a column',
    field: 'configuration.load.schema',
    takes: anything,
    job: (text) =>
      withLoad({
        schema: { fields: [{ name: 'r', type: 'RECORD', fields: [{ name: 'a', description: text }] }] },
      }),
  },
  {
    where: 'an inline schema',
    field: 'configuration.load.schemaInline',
    takes: noQuote,
    job: (text) => withLoad({ schemaInline: `note:STRING (${text})` }),
  },
  {
    where: 'an external table',
    field: `${QUERY}.tableDefinitions{}`,
    takes: anything,
    job: (text) =>
      withQuery({ tableDefinitions: { sheet: { sourceFormat: 'CSV', csvOptions: { nullMarker: text } } } }),
  },
  {
    where: 'an error message',
    field: 'status.errorResult',
    takes: anything,
    job: (text) => ({
      ...query('SELECT 1'),
      status: {
        state: 'DONE',
        errorResult: { reason: 'invalid', message: `Could not read "${text}" as INT64` },
      },
    }),
  },
  {
    where: 'the plan',
    field: 'statistics.query.queryPlan',
    takes: anything,
    job: (text) => ({
      ...query('SELECT 1'),
      statistics: {
        query: { queryPlan: [{ steps: [{ kind: 'READ', substeps: [`equal($1, '${text}')`] }] }] },
      },
    }),
  },
  {
    where: 'a field that does not exist yet',
    field: `${QUERY}.?`,
    takes: anything,
    job: (text) => withQuery({ laterOptions: { inner: [text] } }),
  },
  {
    where: 'the source of a load',
    field: 'configuration.load.sourceUris',
    takes: (text) => /^[a-z+]+:\/\/\S+$/.test(text),
    job: (text) => withLoad({ sourceUris: ['gs://shop/a.csv', text] }),
  },
  {
    where: 'a label',
    field: 'configuration.labels',
    takes: (text) => /^[a-z0-9_-]{1,63}$/.test(text),
    job: (text) => ({ configuration: { labels: { ticket: text }, query: { query: 'SELECT 1' } } }),
  },
];
