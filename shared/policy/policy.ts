import type { PriceTable } from '../cost/price-table.ts';
import type { JobType, Priority } from '../job/job.ts';
import type { BoundLimit } from '../limits/limit.ts';
import type { RetryRule } from '../retry/retry-rule.ts';
import type { Detector } from '../sensitive/detector.ts';
import type { DetectorName } from '../sensitive/detector-names.ts';
import type { Glob } from './glob.ts';

export type Mode = 'enforce' | 'observe';

/** What a `match` or one `except` asks. All keys that are given must hold; of a list, any one is enough. */
export interface Selector {
  readonly projects?: readonly Glob[];
  /** As `canonicalLocation` writes them. */
  readonly locations?: readonly string[];
  readonly principals?: readonly Glob[];
  readonly jobTypes?: readonly JobType[];
  readonly statementTypes?: readonly string[];
  readonly priority?: readonly Priority[];
  /** Every pair must hold. */
  readonly labels?: ReadonlyMap<string, Glob>;
  readonly reservations?: readonly Glob[];
  readonly editions?: readonly string[];
  /** Globs over `project.dataset.table`, or `dataset.table` in the job's own project. */
  readonly referencedTables?: readonly Glob[];
  readonly destinationTables?: readonly Glob[];
  /** Names continuous queries, which are exempt otherwise. */
  readonly continuous?: boolean;
  /** Names dry runs, which are exempt otherwise. */
  readonly dryRun?: boolean;
}

/** One limit of a policy under the file's terms, with the amount in the limit's unit. */
export interface LimitAmount {
  readonly limit: BoundLimit;
  readonly amount: number;
}

/** How many acts a policy may do before a person is asked (design, rule 8). */
export interface BreakerSettings {
  readonly acts: number;
  readonly perMs: number;
  /** A part of a project's pending and running jobs, above 0, at most 1. */
  readonly share: number;
}

/** A policy of the `cancel` part: it alerts or cancels. */
export interface CancelPolicy {
  readonly name: string;
  readonly mode: Mode;
  readonly action: 'alert' | 'cancel';
  readonly match: Selector;
  readonly excepts: readonly Selector[];
  /** Empty: the policy fires on the match alone. */
  readonly limits: readonly LimitAmount[];
  /** A part of each limit from which on people are warned, above 0, below 1. */
  readonly warnAt?: number;
  readonly breaker: BreakerSettings;
}

/** A policy of the `retry` part: failed jobs run again. */
export interface RetryPolicy {
  readonly name: string;
  readonly mode: Mode;
  readonly match: Selector;
  readonly excepts: readonly Selector[];
  readonly rule: RetryRule;
  readonly breaker: BreakerSettings;
}

/** What makes a job sensitive: any one key is enough, and at least one is given. */
export interface SensitiveRule {
  /** Those that are built in. */
  readonly detectors: readonly DetectorName[];
  /** The owner's patterns, under their names. */
  readonly patterns: readonly Detector[];
  /** Every pair must hold. */
  readonly labels?: ReadonlyMap<string, Glob>;
  readonly principals?: readonly Glob[];
  /** Of tables that are read or written: globs over `project.dataset`; without a dot, over those of the job's project. */
  readonly datasets?: readonly Glob[];
  /** Of tables that are read or written: globs as in `Selector.referencedTables`. */
  readonly tables?: readonly Glob[];
}

/** What the clean-up of history may use up. */
export interface HistoryBudget {
  /** So many purges … */
  readonly acts: number;
  /** … within this duration. */
  readonly perMs: number;
  /** A part of the API quota of the account that purges, above 0, at most 1. */
  readonly quotaShare: number;
}

/** A policy's `purge` and `sensitive`, compiled. */
export interface PurgeRule {
  readonly sensitive: SensitiveRule;
  /** How long after its end the metadata of a job is deleted. */
  readonly afterMs: number;
  /** The same of a job that failed. */
  readonly afterFailureMs: number;
  /** Absent: the clean-up of history only reports. */
  readonly history?: HistoryBudget;
}

/** A policy of the `purge` part: metadata of sensitive jobs is deleted. */
export interface PurgePolicy {
  readonly name: string;
  readonly mode: Mode;
  readonly match: Selector;
  readonly excepts: readonly Selector[];
  readonly rule: PurgeRule;
  readonly breaker: BreakerSettings;
}

/** The owner's file, compiled. Policies stand in the order of the file. */
export interface Policies {
  /** Tells one text of the file from another: a hash of it. */
  readonly generation: string;
  readonly cancel: readonly CancelPolicy[];
  readonly retry: readonly RetryPolicy[];
  readonly purge: readonly PurgePolicy[];
  /** List prices, with the owner's over them. */
  readonly prices: PriceTable;
}
