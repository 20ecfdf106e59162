/** What a sink to the functions lets pass, in one project since then [bigquery-facts: Audit entries]. */
export function auditEntriesFilter(projectId: string, fromMs: number): string {
  const log = `projects/${projectId}/logs/cloudaudit.googleapis.com%2Fdata_access`;
  return [
    `logName="${log}"`,
    'resource.type="bigquery_project"',
    'protoPayload.metadata."@type"="type.googleapis.com/google.cloud.audit.BigQueryAuditMetadata"',
    '(protoPayload.metadata.jobInsertion.reason:* OR protoPayload.metadata.jobChange.after="DONE")',
    `timestamp>="${new Date(fromMs).toISOString()}"`,
  ].join(' AND ');
}
