/** Job resources and list items, written for these tests in the shape that the jobs API has. */

type Json = Readonly<Record<string, unknown>>;

export const runningQuery: Json = {
  kind: 'bigquery#job',
  etag: 'c2hvcA==',
  id: 'shop-prod:EU.nightly_report_1',
  selfLink: 'https://bigquery.example/bigquery/v2/projects/shop-prod/jobs/nightly_report_1?location=EU',
  user_email: 'ana@example.com',
  jobReference: { projectId: 'shop-prod', jobId: 'nightly_report_1', location: 'EU' },
  configuration: {
    jobType: 'QUERY',
    query: {
      query: 'SELECT sku, SUM(amount) FROM `shop-prod.sales.orders` GROUP BY sku',
      destinationTable: { projectId: 'shop-prod', datasetId: `_${'9f'.repeat(20)}`, tableId: 'anon77aa' },
      writeDisposition: 'WRITE_TRUNCATE',
      priority: 'BATCH',
      useLegacySql: false,
    },
    labels: { team: 'sales' },
  },
  statistics: {
    creationTime: '1782892800000',
    startTime: '1782892801250',
    totalSlotMs: '5400',
    query: {
      statementType: 'SELECT',
      estimatedBytesProcessed: '20971520',
      totalBytesProcessed: '1048576',
      totalSlotMs: '5400',
      referencedTables: [
        { projectId: 'shop-prod', datasetId: 'sales', tableId: 'orders' },
        { projectId: 'shop-prod', datasetId: 'sales', tableId: 'orders$20260630' },
      ],
      timeline: [{ elapsedMs: '900', totalSlotMs: '5400', pendingUnits: '10' }],
    },
    reservation_id: 'admin-project:EU.etl',
    edition: 'ENTERPRISE',
  },
  status: { state: 'RUNNING' },
};

/** A resource with parts replaced; `undefined` takes a part away. */
export function resource(over: Json, base: Json = runningQuery): Json {
  return Object.fromEntries(Object.entries({ ...base, ...over }).filter(([, value]) => value !== undefined));
}

/** The same with parts of `statistics` (or another part) replaced. */
export function withPart(key: string, over: Json, base: Json = runningQuery): Json {
  const part = base[key];
  const old = typeof part === 'object' && part !== null ? part : {};
  return resource({ [key]: resource(over, { ...old }) }, base);
}

export const loadConfiguration: Json = {
  jobType: 'LOAD',
  load: {
    sourceUris: ['gs://shop/in/*.csv'],
    destinationTable: { projectId: 'shop-prod', datasetId: 'sales', tableId: 'orders$20260701' },
  },
};
export const extractConfiguration: Json = {
  jobType: 'EXTRACT',
  extract: {
    destinationUri: 'gs://shop/out/a.csv',
    destinationUris: ['gs://shop/out/a.csv'],
    sourceTable: { projectId: 'shop-prod', datasetId: 'sales', tableId: 'orders' },
  },
};
export const copyConfiguration: Json = {
  jobType: 'COPY',
  copy: {
    sourceTable: { projectId: 'shop-prod', datasetId: 'sales', tableId: 'orders' },
    sourceTables: [
      { projectId: 'shop-prod', datasetId: 'sales', tableId: 'orders' },
      { projectId: 'shop-prod', datasetId: 'sales', tableId: 'skus@1788825600000' },
    ],
    destinationTable: { projectId: 'shop-prod', datasetId: 'backup', tableId: 'orders' },
  },
};
