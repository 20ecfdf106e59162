import type { JobName } from '../job/job-name.ts';
import type { Finding } from '../judge/verdict.ts';
import type { HeldBy } from './held-by.schema.ts';
import type { PurgeDetails } from './purge-details.schema.ts';
import type { Verb } from './verb.schema.ts';

/**
 * Where an act stands.
 * - `claimed`: the right to do it is won; BigQuery has not been asked.
 * - `asked`: BigQuery was asked, or may have been; only looking again tells.
 * - `void`: not done, and may be won again.
 * - `ended`: the receipt stands; nothing is done for this claim any more, unless it is `isGone`.
 */
export type ClaimState = 'claimed' | 'asked' | 'void' | 'ended';

/** Why an act is done, for whoever finishes it and tells people: a finding, or what a retry or purge answers. */
export interface ClaimFinding extends Omit<Finding, 'action'> {
  readonly action: Finding['action'] | 'retry' | 'purge';
}

/** What a claim to run a job again knows of its chain. The claim's job is the one that the chain began with. */
export interface RetryDetails {
  /** The id of the job that is inserted for this claim. */
  readonly attemptId: string;
  /** As whom the root ran, and as whom it is run again. */
  readonly principal: string;
  /** BigQuery's reason for the failure that this attempt answers. */
  readonly reason: string;
  /** Its reasons for the failures before that one, the root's first. */
  readonly earlierReasons?: readonly string[];
  /** When the root ended, and when the failure that this attempt answers was found; by BigQuery's clock. */
  readonly rootEndedAtMs: number;
  readonly failedAtMs: number;
  /** Nothing is inserted from then on. */
  readonly deadlineAtMs: number;
  /** Of what is inserted (`configurationHash`), once that is known. */
  readonly configurationHash?: string;
  /** The same of what guards may set in it (`guardsHash`). */
  readonly guardsHash?: string;
  /** Jobs of others that were created before then were seen not to do the same. */
  readonly comparedUpToMs?: number;
  /** When BigQuery created the job of this attempt; absent while nobody has seen it. */
  readonly createdAtMs?: number;
  /** A job of the chain that BigQuery knows no more, and since when; by our own clock. */
  readonly missing?: { readonly jobId: string; readonly sinceMs: number };
  /** What last kept it from being started when it was due. */
  readonly heldBy?: HeldBy;
  /** Since when BigQuery did not answer, or took no request, each time it was tried; by our own clock. */
  readonly failingSinceMs?: number;
}

export interface Claim {
  readonly key: string;
  readonly job: JobName;
  readonly verb: Verb;
  readonly attempt: number;
  readonly policy: string;
  /** What the job was found guilty of: whoever finishes the act tells people of it. */
  readonly finding: ClaimFinding;
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
  /** Of the verb `retry`. */
  readonly retry?: RetryDetails;
  /** Of the verb `purge`. */
  readonly purge?: PurgeDetails;
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

export interface ClaimRequest {
  readonly job: JobName;
  readonly verb: Verb;
  readonly attempt: number;
  readonly policy: string;
  readonly finding: ClaimFinding;
  readonly holder: string;
  readonly leaseMs: number;
  /** Of the verb `purge`; without it, what stands in a claim that is taken over stays. */
  readonly purge?: PurgeDetails;
}

/** An act that is due later, by anybody: a claim that nobody holds. */
export type DueRequest = Omit<ClaimRequest, 'leaseMs' | 'purge'> & {
  readonly dueAtMs: number;
} & ({ readonly retry: RetryDetails } | { readonly purge: PurgeDetails });

/** The claim that another one follows, and how it changes in the commit that creates the other. */
export interface Predecessor {
  readonly held: HeldClaim;
  readonly change: ClaimChange;
}

export interface Scheduled {
  /** `standing`: there was one already, and it is as it was. */
  readonly kind: 'scheduled' | 'standing';
  readonly claim: Claim;
  /** The ce-ids of the alert rows that were not there yet. */
  readonly fresh: readonly string[];
}

/** What may change in a claim. What is not named stays as it is. */
export type ClaimChange = Partial<
  Pick<
    Claim,
    | 'state'
    | 'leaseUntilMs'
    | 'askedAtMs'
    | 'lookAtMs'
    | 'outcome'
    | 'endedAtMs'
    | 'policy'
    | 'finding'
    | 'retry'
    | 'purge'
  >
>;

export interface Advanced {
  readonly held: HeldClaim;
  /** The ce-ids of the alert rows that were not there yet. */
  readonly fresh: readonly string[];
}

export type ClaimAnswer =
  /** `previous`: what stood before, when this is a takeover of an expired lease or a void claim won again. */
  | { readonly kind: 'won'; readonly held: HeldClaim; readonly previous?: Claim }
  | { readonly kind: 'held'; readonly claim: Claim }
  | { readonly kind: 'ended'; readonly claim: Claim };
