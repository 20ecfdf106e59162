import type { Verb } from '../../shared/ledger/verb.schema.ts';
import type { Delivery } from './pubsub.ts';

/** A claim as it stands in the ledger, with how it came to be so. */
export interface ClaimRow {
  readonly key: string;
  readonly attempt: number;
  readonly job: string;
  readonly projectId: string;
  readonly policy: string;
  readonly holder: string;
  readonly state: string;
  readonly outcome?: string;
  readonly leaseUntilMs: number;
  readonly lookAtMs?: number;
  readonly askedAtMs: readonly number[];
  /** By the world's clock and names: who won it last and when, and who said that BigQuery is asked. */
  readonly wonBy: string;
  readonly wonAtMs: number;
  readonly wonIn?: Delivery;
  readonly isTakeover: boolean;
  readonly asked: readonly { readonly atMs: number; readonly stampedAtMs: number; readonly by: string }[];
  /** As the product tells it. */
  readonly stampedWonAtMs: number;
  /** Of the verb `retry`. */
  readonly retry?: RetryRow;
  /** Of the verb `purge`. */
  readonly purge?: PurgeRow;
}

/** What a claim to purge a job tells of it. */
export interface PurgeRow {
  readonly by: string;
  readonly endedAtMs: number;
  readonly dueAtMs: number;
  readonly seenDoneAtMs?: number;
  readonly children?: readonly string[];
  readonly heldBy?: string;
}

/** What a claim to run a job again tells of its chain. */
export interface RetryRow {
  readonly attemptId: string;
  readonly principal: string;
  readonly reason: string;
  readonly deadlineAtMs: number;
  readonly createdAtMs?: number;
}

export interface ClaimWrite {
  readonly verb: Verb;
  readonly atMs: number;
  readonly by: string;
  readonly byHolder: string | undefined;
  /** The writer's own clock. */
  readonly clockMs: number;
  readonly before?: ClaimRow;
  readonly after: ClaimRow;
  /** The alert rows of the same commit. */
  readonly alerts: readonly string[];
}
