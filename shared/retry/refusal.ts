/**
 * Why a job is not repeated. One list for what sanitizing refuses and for what is not eligible, since people meet both
 * in the same alert.
 */
export const REFUSALS = [
  // The configuration cannot be made right (sanitize.ts).
  /** No one part of query, load, copy and extract, or no configuration at all: nothing says what to run. */
  'no-configuration',
  /** The new id would be longer than 1,024 characters, or hold a character that no id may hold. */
  'id-too-long',
  /** A named destination, and nothing that says whether the user or BigQuery named it. */
  'statement-type-unknown',
  /** The job made a session, or ran inside one: neither can be had again. */
  'session',
  /** The configuration itself says as whom it runs. */
  'names-an-account',
  /** Its destination was to expire at a time that has passed. */
  'expiration-passed',
  /** It reads a table as it was at a time that time travel no longer reaches. */
  'snapshot-too-old',
  /** A time that cannot be read, so that nobody can say whether it has passed. */
  'time-not-understood',
  // The failure is none that is answered (reasons.ts).
  /** It did not fail. */
  'not-failed',
  /** Somebody cancelled it, or its own timeout did (design, rule 2). */
  'stopped',
  /** BigQuery does not say why it failed. */
  'no-reason',
  /** A reason that this version does not know. */
  'unknown-reason',
  /** A reason that would come again. */
  'permanent-reason',
  /** A reason that is answered only where the policy names it. */
  'reason-not-named',
  // It is not known to be safe (eligibility.ts).
  /** No service account runs it (design, rule 5). */
  'person',
  'principal-unknown',
  /** One of Google's own accounts. */
  'service-agent',
  /** The policy's `match.principals` does not name the account. */
  'account-not-listed',
  /** Its script is what would be repeated. */
  'child',
  'dry-run',
  'continuous',
  'transaction',
  /** A load without files to load from: they were sent along. */
  'local-upload',
  /** A kind of job that this version does not know. */
  'type-unknown',
  /** The resource holds no text to run. */
  'no-query-text',
  /** A CREATE that fails when its object is there. */
  'unguarded-create',
  'append',
  /** INSERT, UPDATE, DELETE, TRUNCATE. */
  'dml',
  /** DROP, ALTER, GRANT and their like. */
  'ddl',
  /** A script or a CALL: what it did before it failed stays done. */
  'script',
  /** It writes files, and cannot say that it wrote the same ones. */
  'export',
  // The chain is at its end.
  'attempts-used',
  'deadline-passed',
] as const;

export type RefusalCode = (typeof REFUSALS)[number];
