/** Since then, in one project, in both formats of the audit log [bigquery-facts: Audit entries]. */
export function auditEntriesFilter(projectId: string, fromMs: number): string {
  const log = `projects/${projectId}/logs/cloudaudit.googleapis.com%2Fdata_access`;
  return [
    `logName="${log}"`,
    `((${NEWER.join(' AND ')}) OR (${OLDER.join(' AND ')}))`,
    `timestamp>="${new Date(fromMs).toISOString()}"`,
  ].join(' AND ');
}

/** BigQueryAuditMetadata: what a sink to the functions lets pass, but for deletions. */
const NEWER = [
  'resource.type="bigquery_project"',
  'protoPayload.metadata."@type"="type.googleapis.com/google.cloud.audit.BigQueryAuditMetadata"',
  '(protoPayload.metadata.jobInsertion.reason:* OR protoPayload.metadata.jobChange.after="DONE")',
];

/**
 * AuditData, for projects that still log it. By method: an entry that was cut has no `serviceData`, and names its
 * job all the same. Whether a failed job ended only `getqueryresults` tells, mostly.
 */
const OLDER = [
  'resource.type="bigquery_resource"',
  'protoPayload.methodName=("jobservice.insert" OR "jobservice.query" OR "jobservice.jobcompleted" OR "jobservice.getqueryresults")',
];
