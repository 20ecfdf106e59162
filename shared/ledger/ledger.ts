import type { JobName } from '../job/job-name.ts';
import type { Finding } from '../judge/verdict.ts';

export type Verb = 'cancel';

/**
 * Where an act stands.
 * - `claimed`: the right to do it is won; BigQuery has not been asked.
 * - `asked`: BigQuery was asked, or may have been; only looking again tells.
 * - `void`: not done, and may be won again.
 * - `ended`: the receipt stands; nothing is done for this claim any more, unless it is `isGone`.
 */
export type ClaimState = 'claimed' | 'asked' | 'void' | 'ended';

export interface Claim {
  readonly key: string;
  readonly job: JobName;
  readonly verb: Verb;
  readonly attempt: number;
  readonly policy: string;
  /** What the job was found guilty of: whoever finishes the act tells people of it. */
  readonly finding: Finding;
  readonly holder: string;
  readonly leaseUntilMs: number;
  /** For how long the lease was taken; an end further away than that is not believed. */
  readonly leaseMs?: number;
  readonly state: ClaimState;
  readonly wonAtMs: number;
  /** When BigQuery was asked, once per request, by BigQuery's clock. */
  readonly askedAtMs: readonly number[];
  /** When to look again, if the holder let go of it in good order. */
  readonly lookAtMs?: number;
  /** The receipt, when ended or void: an alert step (`cancelled`, `ended-first`, …) or why it is void. */
  readonly outcome?: string;
  readonly endedAtMs?: number;
}

/**
 * It ended because BigQuery answered that it knows no such job. That answer may have been wrong, so should the job
 * be found to run, the claim is won again.
 */
export function isGone({ state, outcome }: Claim): boolean {
  return state === 'ended' && outcome === 'gone';
}

/** A claim with the version under which its holder may write it. */
export interface HeldClaim {
  readonly claim: Claim;
  readonly version: string;
}

export interface ClaimRequest
  extends Pick<Claim, 'job' | 'verb' | 'attempt' | 'policy' | 'finding' | 'holder'> {
  readonly leaseMs: number;
}

/** What may change in a claim. What is not named stays as it is. */
export type ClaimChange = Partial<
  Pick<
    Claim,
    'state' | 'leaseUntilMs' | 'askedAtMs' | 'lookAtMs' | 'outcome' | 'endedAtMs' | 'policy' | 'finding'
  >
>;

export interface Advanced {
  readonly held: HeldClaim;
  /** The ce-ids of the alert rows that were not there yet. */
  readonly fresh: readonly string[];
}

export type ClaimAnswer =
  /** `previous`: what stood before, when this is a takeover or a void claim won again. */
  | { readonly kind: 'won'; readonly held: HeldClaim; readonly previous?: Claim }
  | { readonly kind: 'held'; readonly claim: Claim }
  | { readonly kind: 'ended'; readonly claim: Claim };

/** An alert as it waits to be published. `event` is the CloudEvent, in structured mode. */
export interface AlertRow {
  readonly ceId: string;
  readonly event: Readonly<Record<string, unknown>>;
}

export interface StoredAlert extends AlertRow {
  readonly published: boolean;
}

/** What one breaker covers: one verb of one policy, over the whole deployment. */
export interface BreakerScope {
  readonly verb: Verb;
  readonly policy: string;
}

export interface BreakerTrip {
  readonly atMs: number;
  /** For a person: what tripped it. */
  readonly why: string;
}

export interface BreakerStatus {
  readonly scope: BreakerScope;
  readonly trip?: BreakerTrip;
  /** Slots in use now. */
  readonly taken: number;
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

export interface GoodPolicy {
  readonly text: string;
  readonly savedAtMs: number;
}

/**
 * What was done, once: the only memory the watchdog has. Loss of it may repeat an alert,
 * never cause an act that the policy would not have caused.
 *
 * Throws `LedgerUnavailableError` when the storage does not answer, `StaleClaimError` when a claim
 * was taken over by somebody else, and no other errors of its own.
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
  /** Writes the claim and its alert rows in one commit, on condition that `held.version` still stands. */
  advance(held: HeldClaim, change: ClaimChange, alerts: readonly AlertRow[]): Promise<Advanced>;
  /** Claims that want attention by then: `lookAtMs` has come, or the lease of an unfinished one has run out. */
  dueClaims(verb: Verb, projectId: string, upToMs: number, limit: number): Promise<readonly Claim[]>;
  /** Claims won at or after then, newest first. */
  recentClaims(sinceMs: number, limit: number): Promise<readonly Claim[]>;

  /** Takes one of `acts` numbered slots, free again after `perMs`; the same one if this claim has one already. */
  takeSlot(
    scope: BreakerScope,
    claimKey: string,
    acts: number,
    perMs: number,
  ): Promise<'taken' | 'none-left'>;
  /** Gives back the slot of an act that was not done. */
  freeSlot(scope: BreakerScope, claimKey: string): Promise<void>;
  breakerTrip(scope: BreakerScope): Promise<BreakerTrip | undefined>;
  /** Trips once, with its alert row, in one commit. False when it was open already. */
  tripBreaker(scope: BreakerScope, trip: BreakerTrip, alert: AlertRow): Promise<boolean>;
  /** Closes it and frees its slots. False when it was not open. */
  resetBreaker(scope: BreakerScope): Promise<boolean>;
  breakers(): Promise<readonly BreakerStatus[]>;

  /** Adds rows that are not there yet; returns the ids that were new. */
  addAlerts(rows: readonly AlertRow[]): Promise<readonly string[]>;
  hasAlert(ceId: string): Promise<boolean>;
  unpublishedAlerts(limit: number): Promise<readonly StoredAlert[]>;
  markPublished(ceId: string): Promise<void>;
  /** Counts findings that only alert, per policy and hour; returns the count including this one. */
  countAlert(policy: string, hourStartMs: number): Promise<number>;

  /** When `jobs.get` lacked a wanted field of this job; `noteLack` adds one and returns all, oldest first. */
  lackedAtMs(job: JobName): Promise<readonly number[]>;
  noteLack(job: JobName, atMs: number): Promise<readonly number[]>;

  /**
   * A lease of that name, for an hour at most, or undefined while somebody else holds it. One that would last
   * longer than it was taken for, and a minute more, counts as run out: a clock far ahead took it.
   */
  takeLease(name: string, holder: string, ms: number): Promise<string | undefined>;
  /** Gives it back, on condition that it is still ours. */
  releaseLease(name: string, version: string): Promise<void>;

  /** Since when everything is only observed; undefined: acts are done. */
  stopped(): Promise<Stop | undefined>;
  /** Stops all acts. Resolves to the stop that stood already, which then stays as it is. */
  stop(stop: Stop): Promise<Stop | undefined>;
  /** Lets acts be done again. Resolves to the stop that stood, or undefined when there was none. */
  resume(): Promise<Stop | undefined>;

  savePolicy(text: string): Promise<void>;
  lastGoodPolicy(): Promise<GoodPolicy | undefined>;

  addDeadLetter(letter: DeadLetter): Promise<void>;
  deadLetters(limit: number): Promise<readonly DeadLetter[]>;

  close(): Promise<void>;
}
