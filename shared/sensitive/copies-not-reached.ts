/** Where a job's text may be besides its metadata, so that deleting those does not reach it (docs/purge.md). */
export const COPIES_NOT_REACHED = [
  /** Entries of the audit log, in the project's own log buckets. */
  'audit-log',
  /** Where sinks of the owner send those entries. */
  'log-sinks',
  /** `INFORMATION_SCHEMA.JOBS` and its like: nothing is documented of what a deletion does to them. */
  'information-schema',
  /** The table with the result, a cached one too. */
  'results',
  /** Messages to the watchdog that nobody has acknowledged, and dead letters. */
  'watchdog-subscriptions',
  /** What BI tools, editors and notebooks keep of the queries that they sent. */
  'query-history-of-tools',
  /** What reads alerts: they bear no text, but name the job. */
  'alert-consumers',
] as const;
export type CopyNotReached = (typeof COPIES_NOT_REACHED)[number];
