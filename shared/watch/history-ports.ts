import type { JobsClient } from '../bigquery/jobs-client.ts';

/** The jobs API for work that has time: its calls give way to all others. */
export interface Background {
  readonly jobs: JobsClient;
  /** From now on it takes at most this part of what the account may, above 0, at most 1. */
  limitTo(share: number): void;
}
