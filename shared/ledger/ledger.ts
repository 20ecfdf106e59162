import type { JobName } from '../job/job-name.ts';
import type { BreakerScope, BreakerStatus, BreakerTrip, SlotScope } from './breaker-scope.ts';
import type { Certificate, Certificates } from './certificate.ts';
import type {
  Advanced,
  Claim,
  ClaimAnswer,
  ClaimChange,
  ClaimRequest,
  DueRequest,
  HeldClaim,
  Predecessor,
  Scheduled,
} from './claim.ts';
import type { HeldHistory, HistoryMark } from './history-mark.ts';
import type { LeaseNote } from './lease.schema.ts';
import type { HeldBucket, HeldMark, SweepMark } from './sweep-mark.ts';
import type { Verb } from './verb.schema.ts';

export type * from './breaker-scope.ts';
export type * from './certificate.ts';
export type * from './claim.ts';
export { isGone } from './claim.ts';
export type { HeldBy } from './held-by.schema.ts';
export type * from './history-mark.ts';
export type { KeptBackBy, PurgeDetails, PurgeFound } from './purge-details.schema.ts';
export type * from './sweep-mark.ts';
export type { Verb } from './verb.schema.ts';

export interface DueClaims {
  readonly claims: readonly Claim[];
  /** An `UnreadableDocumentError` for each that this version cannot read: only a person can help those. */
  readonly unreadable: readonly Error[];
}

export interface UnpublishedAlerts {
  readonly alerts: readonly StoredAlert[];
  /** An `UnreadableDocumentError` for each row that cannot be read. They take no room from the others. */
  readonly unreadable: readonly Error[];
}

/** An alert as it waits to be published. `event` is the CloudEvent, in structured mode. */
export interface AlertRow {
  readonly ceId: string;
  readonly event: Readonly<Record<string, unknown>>;
}

export interface StoredAlert extends AlertRow {
  readonly published: boolean;
}

/** A message that nobody can act on. Never its payload. */
export interface DeadLetter {
  readonly atMs: number;
  readonly verb: Verb;
  readonly insertId?: string;
  readonly messageId?: string;
  readonly projectId?: string;
  /** A static sentence, or the name of an error class. */
  readonly fault: string;
}

/** That a person stopped all acts. */
export interface Stop {
  readonly atMs: number;
  /** Who, as their machine has it. */
  readonly by: string;
  /** Why, in their own words. */
  readonly reason?: string;
}

/** A lease, and the version under which its holder may give it back. */
export interface TakenLease {
  readonly version: string;
  /** What an earlier holder left, if that is still worth anything. */
  readonly left?: LeaseNote;
  /** Present when the holder before did not give it back: it died, or was held up. */
  readonly ranOut?: true;
}

export interface GoodPolicy {
  readonly text: string;
  readonly savedAtMs: number;
}

/**
 * What was done, once: the only memory the watchdog has. Loss of it may repeat an alert,
 * never cause an act that the policy would not have caused.
 *
 * Throws `LedgerUnavailableError` when the storage does not answer, `StaleClaimError` when a claim
 * was taken over by somebody else, `StaleMarkError` when another sweep came between, and no other errors of its own.
 */
export interface Ledger {
  /**
   * Reads without claiming; undefined when nobody has claimed, or the claim has expired. Of an unfinished claim,
   * a lease and a next look that only a clock far ahead of ours can have written read as now.
   */
  claim(job: JobName, verb: Verb, attempt: number): Promise<HeldClaim | undefined>;
  /**
   * Won by one of any number of racers. A `void` claim can be won again, and starts anew. So can one whose lease
   * ran out, or which is gone: that goes on under the new holder, and once BigQuery was asked keeps its policy and
   * finding.
   */
  win(request: ClaimRequest): Promise<ClaimAnswer>;
  /**
   * Creates a claim that falls due at `dueAtMs` and that nobody holds, or starts a void one anew. Its predecessor
   * changes in the same commit, so that a chain of acts is never lost between two, and its alert rows go with it.
   * A claim that stands stays as it is; the predecessor and the alerts are then written all the same.
   */
  schedule(request: DueRequest, alerts: readonly AlertRow[], predecessor?: Predecessor): Promise<Scheduled>;
  /**
   * Writes the claim, its alert rows and the certificate of a purge in one commit, on condition that `held.version`
   * still stands.
   */
  advance(
    held: HeldClaim,
    change: ClaimChange,
    alerts: readonly AlertRow[],
    certificate?: Certificate,
  ): Promise<Advanced>;
  /**
   * Claims that want attention by then: `lookAtMs` has come, or the lease of an unfinished one has run out.
   * Any number that cannot be read does not keep the others back.
   */
  dueClaims(verb: Verb, projectId: string, upToMs: number, limit: number): Promise<DueClaims>;
  /** Claims won at or after then, newest first. */
  recentClaims(sinceMs: number, limit: number): Promise<readonly Claim[]>;

  /** Of purges that were verified at or after then, newest first. They are kept for ever. */
  certificates(sinceMs: number, limit: number): Promise<Certificates>;
  /** The newest one, should the id of a purged job have been used again. */
  certificateOf(job: JobName): Promise<Certificate | undefined>;

  /** Takes one of `acts` numbered slots, free again after `perMs`; the same one if this claim has one already. */
  takeSlot(scope: SlotScope, claimKey: string, acts: number, perMs: number): Promise<'taken' | 'none-left'>;
  /** Gives back the slot of an act that was not done. */
  freeSlot(scope: SlotScope, claimKey: string): Promise<void>;
  breakerTrip(scope: BreakerScope): Promise<BreakerTrip | undefined>;
  /** Trips once, with its alert row, in one commit. False when it was open already. */
  tripBreaker(scope: BreakerScope, trip: BreakerTrip, alert: AlertRow): Promise<boolean>;
  /** Closes it and frees its slots. False when it was not open. */
  resetBreaker(scope: BreakerScope): Promise<boolean>;
  breakers(): Promise<readonly BreakerStatus[]>;

  /** Adds rows that are not there yet; returns the ids that were new. */
  addAlerts(rows: readonly AlertRow[]): Promise<readonly string[]>;
  hasAlert(ceId: string): Promise<boolean>;
  /** The oldest first, so many of those that can be read. */
  unpublishedAlerts(limit: number): Promise<UnpublishedAlerts>;
  markPublished(ceId: string): Promise<void>;
  /** Counts findings that only alert, per policy and hour; returns the count including this one. */
  countAlert(policy: string, hourStartMs: number): Promise<number>;

  /**
   * Counts a failure with that reason in the span of `spanMs` in which `atMs` lies; returns the counts of that span
   * and of the ones before it, the latest first.
   */
  countFailure(projectId: string, reason: string, atMs: number, spanMs: number): Promise<readonly number[]>;

  /**
   * When `jobs.get` lacked a wanted field of this job, oldest first: the newest `LOOKS_KEPT`, for a day after the
   * last one. `noteLack` adds one, and returns those kept.
   */
  lackedAtMs(job: JobName): Promise<readonly number[]>;
  noteLack(job: JobName, atMs: number): Promise<readonly number[]>;

  /**
   * A lease of that name, for an hour at most, or undefined while somebody else holds it. One that would last
   * longer than it was taken for, and a minute more, counts as run out: a clock far ahead took it.
   *
   * @param leaving what is handed on, where nothing was left, should this holder not give it back
   */
  takeLease(name: string, holder: string, ms: number, leaving?: LeaseNote): Promise<TakenLease | undefined>;
  /**
   * Gives it back, on condition that it is still ours. `left` is handed to whoever takes it next; without it, what
   * an earlier holder left is gone.
   */
  releaseLease(name: string, version: string, left?: LeaseNote): Promise<void>;

  /** How far sweeps of this verb have come; undefined: none has yet. */
  sweepMark(verb: Verb, projectId: string): Promise<HeldMark | undefined>;
  /** These buckets of the running set, by number; one that is not stored is empty. */
  runningBuckets(
    verb: Verb,
    projectId: string,
    buckets: readonly number[],
  ): Promise<ReadonlyMap<number, HeldBucket>>;
  /**
   * Writes the mark and the buckets that changed, each on condition that the version given still stands.
   * Throws `StaleMarkError`; what of the buckets was written then does no harm.
   */
  moveMark(
    verb: Verb,
    projectId: string,
    held: HeldMark | undefined,
    mark: SweepMark,
    buckets: ReadonlyMap<number, HeldBucket>,
  ): Promise<HeldMark>;

  /** How far the clean-up of a project's history has come; undefined: none has begun. */
  historyMark(projectId: string): Promise<HeldHistory | undefined>;
  /** Writes the mark on condition that the one given still stands. Throws `StaleMarkError`. */
  moveHistory(projectId: string, held: HeldHistory | undefined, mark: HistoryMark): Promise<HeldHistory>;

  /** Since when everything is only observed; undefined: acts are done. */
  stopped(): Promise<Stop | undefined>;
  /** Stops all acts. Resolves to the stop that stood already, which then stays as it is. */
  stop(stop: Stop): Promise<Stop | undefined>;
  /** Lets acts be done again. Resolves to the stop that stood, or undefined when there was none. */
  resume(): Promise<Stop | undefined>;

  /** Each verb's function may be given a file of its own, so each has its own last good text. */
  savePolicy(verb: Verb, text: string): Promise<void>;
  lastGoodPolicy(verb: Verb): Promise<GoodPolicy | undefined>;
  /**
   * Notes that the file is refused, until the next good text is saved, the same one included. Resolves to since when
   * it has been, whoever noted it first; undefined when no good text was ever saved.
   */
  noteRefusedPolicy(verb: Verb): Promise<number | undefined>;

  addDeadLetter(letter: DeadLetter): Promise<void>;
  deadLetters(limit: number): Promise<readonly DeadLetter[]>;

  close(): Promise<void>;
}
