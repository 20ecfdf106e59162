/** What a LogEntry of BigQuery's audit log says, as a sink sends it. */
export interface EntryParts {
  readonly jobId?: string;
  readonly projectId?: string;
  readonly location?: string;
  readonly principal?: string;
  readonly createdAtMs?: number;
  readonly query?: string;
  readonly type?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The entry of a query that has started. */
export function startEntry(parts: EntryParts = {}): Record<string, unknown> {
  const {
    projectId = 'my-project',
    location = 'US',
    jobId = 'guilty',
    principal = 'ada@example.com',
  } = parts;
  const createTime = new Date(parts.createdAtMs ?? Date.UTC(2026, 8, 1, 11, 30)).toISOString();
  return {
    insertId: 'insert-1',
    logName: `projects/${projectId}/logs/cloudaudit.googleapis.com%2Fdata_access`,
    resource: { type: 'bigquery_project', labels: { project_id: projectId, location } },
    timestamp: createTime,
    protoPayload: {
      '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
      serviceName: 'bigquery.googleapis.com',
      methodName: 'google.cloud.bigquery.v2.JobService.InsertJob',
      authenticationInfo: { principalEmail: principal },
      metadata: {
        '@type': 'type.googleapis.com/google.cloud.audit.BigQueryAuditMetadata',
        jobInsertion: {
          reason: 'JOB_INSERT_REQUEST',
          job: {
            jobName: `projects/${projectId}/jobs/${jobId}`,
            jobConfig: {
              type: parts.type ?? 'QUERY',
              queryConfig: {
                query: parts.query ?? 'SELECT 1',
                priority: 'QUERY_INTERACTIVE',
                statementType: 'SELECT',
              },
              ...(parts.labels && { labels: parts.labels }),
            },
            jobStatus: { jobState: 'RUNNING' },
            jobStats: { createTime, startTime: createTime },
          },
        },
      },
    },
  };
}
