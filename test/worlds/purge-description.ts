import type { BreakerDescription, SelectorDescription } from './selector-description.ts';

/** A policy with `purge`, in the world's own words. What is absent is left to the product's usual values. */
export interface PurgeDescription {
  readonly name: string;
  readonly mode?: 'enforce' | 'observe';
  readonly match: SelectorDescription;
  readonly except: readonly SelectorDescription[];
  readonly sensitive: SensitiveDescription;
  readonly afterMs?: number;
  readonly afterFailureMs?: number;
  readonly breaker?: BreakerDescription;
}

/** Any one key is enough. */
export interface SensitiveDescription {
  readonly detectors?: readonly string[];
  readonly patterns?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly principals?: readonly string[];
  readonly datasets?: readonly string[];
  readonly tables?: readonly string[];
}

const USUAL_AFTER_MS = 15 * 60_000;
const USUAL_AFTER_FAILURE_MS = 24 * 3_600_000;

/** How long after its end a job is to be purged. */
export function waitOf(
  { afterMs = USUAL_AFTER_MS, afterFailureMs = USUAL_AFTER_FAILURE_MS }: PurgeDescription,
  hasFailed: boolean,
): number {
  return hasFailed ? afterFailureMs : afterMs;
}

/** Its `sensitive` and `purge` as an owner would write them. */
export function writtenPurge({ sensitive, afterMs, afterFailureMs }: PurgeDescription): object {
  const purge = {
    ...(afterMs !== undefined && { after: `${afterMs / 1_000}s` }),
    ...(afterFailureMs !== undefined && { afterFailure: `${afterFailureMs / 1_000}s` }),
  };
  return { sensitive, purge };
}
