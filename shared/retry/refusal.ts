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
] as const;

export type RefusalCode = (typeof REFUSALS)[number];
