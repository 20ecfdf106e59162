/** Log entries as a sink sends them, written for these tests in the shape that BigQuery's audit log has. */

type Json = Readonly<Record<string, unknown>>;

export interface EntryParts {
  readonly location?: string | undefined;
  readonly project?: string;
  readonly metadata?: unknown;
  /** Merged into `protoPayload`. */
  readonly payload?: Json;
}

export function entryOf({
  location = 'EU',
  project = 'shop-prod',
  metadata,
  payload = {},
}: EntryParts): Json {
  return {
    insertId: '-k3x9v2e1abc',
    logName: `projects/${project}/logs/cloudaudit.googleapis.com%2Fdata_access`,
    timestamp: '2026-07-01T08:00:02.500Z',
    receiveTimestamp: '2026-07-01T08:00:03.100Z',
    severity: 'INFO',
    resource: { type: 'bigquery_project', labels: { project_id: project, location } },
    protoPayload: {
      '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
      serviceName: 'bigquery.googleapis.com',
      methodName: 'google.cloud.bigquery.v2.JobService.InsertJob',
      resourceName: `projects/${project}/jobs/nightly_report_1`,
      authenticationInfo: { principalEmail: 'ana@example.com' },
      status: {},
      ...(metadata === undefined ? {} : { metadata }),
      ...payload,
    },
  };
}

const TYPE = 'type.googleapis.com/google.cloud.audit.BigQueryAuditMetadata';

export const inserted = (job: unknown): Json => ({
  '@type': TYPE,
  jobInsertion: { job, reason: 'JOB_INSERT_REQUEST' },
});
export const changed = (job: unknown, after: string | undefined = 'DONE'): Json => ({
  '@type': TYPE,
  jobChange: { after, job },
});
export const cancelled = (jobName: unknown): Json => ({ '@type': TYPE, jobCancel: { jobName } });
export const deleted = (jobName: unknown): Json => ({
  '@type': TYPE,
  jobDeletion: { jobName, reason: 'JOB_DELETE_REQUEST' },
});
export const other = (key: string): Json => ({ '@type': TYPE, [key]: { reason: 'JOB', fields: ['id'] } });

export const JOB = 'projects/shop-prod/jobs/nightly_report_1';

const DATA_TYPE = 'type.googleapis.com/google.cloud.bigquery.logging.v1.AuditData';

/** An entry in the older format: `data` holds the keys of an AuditData. */
export function olderEntryOf(data: Json | undefined, parts: Omit<EntryParts, 'metadata'> = {}): Json {
  const { project = 'shop-prod', payload = {} } = parts;
  return {
    ...entryOf({
      ...parts,
      payload: {
        methodName: 'jobservice.insert',
        ...(data === undefined ? {} : { serviceData: { '@type': DATA_TYPE, ...data } }),
        ...payload,
      },
    }),
    resource: { type: 'bigquery_resource', labels: { project_id: project } },
  };
}

/** A query that has just started. */
export const startedQuery: Json = {
  jobName: JOB,
  jobConfig: {
    type: 'QUERY',
    queryConfig: {
      query: 'SELECT sku, SUM(amount) FROM `shop-prod.sales.orders` GROUP BY sku',
      destinationTable: `projects/shop-prod/datasets/_${'9f'.repeat(20)}/tables/anon77aa`,
      createDisposition: 'CREATE_IF_NEEDED',
      writeDisposition: 'WRITE_TRUNCATE',
      priority: 'QUERY_INTERACTIVE',
      statementType: 'SELECT',
    },
    labels: { team: 'sales' },
  },
  jobStatus: { jobState: 'RUNNING' },
  jobStats: { createTime: '2026-07-01T08:00:00Z', startTime: '2026-07-01T08:00:01.250Z' },
};

/** The same, ended well. */
export const endedQuery: Json = {
  ...startedQuery,
  jobStatus: { jobState: 'DONE' },
  jobStats: {
    createTime: '2026-07-01T08:00:00Z',
    startTime: '2026-07-01T08:00:01.250Z',
    endTime: '2026-07-01T08:02:00.999999Z',
    queryStats: {
      totalProcessedBytes: '104857600',
      totalBilledBytes: '105906176',
      billingTier: 1,
      referencedTables: [
        'projects/shop-prod/datasets/sales/tables/orders',
        'projects/shop-prod/datasets/sales/tables/orders$20260630',
        'projects/shop-prod/datasets/sales/tables/orders@1788825600000',
        'projects/shop-prod/datasets/sales/tables/skus',
      ],
    },
    totalSlotMs: '734000',
    reservation: 'unreserved',
  },
};
