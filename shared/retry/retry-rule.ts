/** A policy's `retry`, compiled: which failures are answered, how often, when, and with what guards. */
export interface RetryRule {
  /** BigQuery's reasons that are answered: the transient ones, unless the policy names its own list. */
  readonly reasons: ReadonlySet<string>;
  /** How often a job is run again at most, from 1 to 10. */
  readonly attempts: number;
  readonly backoff: RetryBackoff;
  /** Counted from the end of the job that the chain began with; nothing is inserted after it. */
  readonly deadlineMs: number;
  /** Whether what is not known to be the same when it is done twice (appends, most DML, scripts) is run again. */
  readonly allowRepeatedWrites: boolean;
  readonly guards: RetryGuards;
  readonly caps: RetryCaps;
}

/** The wait before attempt n is drawn from zero to `initialMs` × `factor`^(n−1), at most `maxMs`. */
export interface RetryBackoff {
  readonly initialMs: number;
  /** At least 1. */
  readonly factor: number;
  readonly maxMs: number;
}

/** What a retry is given that the job itself did not have, or had more of. */
export interface RetryGuards {
  /** How long it may run; BigQuery counts from the creation. */
  readonly jobTimeoutMs?: number;
  /** Never raises what the job has itself. */
  readonly maximumBytesBilled?: number;
  readonly priority?: 'BATCH';
  readonly labels?: ReadonlyMap<string, string>;
}

/** How many retries may be inserted within any hour, so that an outage is not answered by a storm. */
export interface RetryCaps {
  readonly perProjectPerHour: number;
  readonly perPrincipalPerHour: number;
}
