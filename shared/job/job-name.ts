/**
 * What BigQuery needs to name a job. `projectId` may be domain-scoped (`example.com:proj`);
 * `location` is as BigQuery tells it (`US`, `EU`, `europe-west2`), absent where the source has none.
 */
export interface JobName {
  readonly projectId: string;
  readonly location?: string;
  readonly jobId: string;
}
