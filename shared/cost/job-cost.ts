import type { Job, JobField } from '../job/job.ts';
import { onDemandUsd, toNanoUsd } from './on-demand.ts';
import { type Edition, isEdition, type PriceTable, pricesIn } from './price-table.ts';

const HOUR_MS = 3_600_000;

/**
 * What a job costs, by the model that it is charged by, and why that one. `spentUsd` is what is *known* to have
 * been spent; where it is absent nothing is. Storage, and what other services charge for, is no part of it.
 */
export type JobCost =
  /** Nothing, whatever it reads. `failed`: it ended with an error other than `stopped`, on demand. */
  | {
      readonly model: 'free';
      readonly reason: 'dry-run' | 'cache-hit' | 'shared-pool' | 'failed';
      readonly spentUsd: 0;
    }
  /** A script: its children are charged, and it only repeats their sums. */
  | { readonly model: 'children'; readonly reason: 'script'; readonly spentUsd: 0 }
  /** `spentUsd`: slot time so far at list price. Autoscaled slots cost more, see docs/cost.md. */
  | {
      readonly model: 'slots';
      readonly reason: 'reservation' | 'edition';
      readonly edition: Edition;
      readonly usdPerSlotHour: number;
      readonly spentUsd: number;
    }
  /**
   * Bytes. What is billed is known when the job has ended; until then `upToUsd`, an upper bound from the
   * estimate, is all there is, and also what a cancel may still cost.
   */
  | {
      readonly model: 'on-demand';
      readonly reason: 'no-reservation';
      readonly usdPerTiB: number;
      readonly spentUsd?: number;
      readonly upToUsd?: number;
    }
  /** No limit fires on it. `lacks`: fields that another source may tell; empty: nobody will. */
  | { readonly model: 'unknown'; readonly reason: UnknownReason; readonly lacks: readonly JobField[] };

export type UnknownReason =
  /** The observation lacks what the model is told by. */
  | 'not-told'
  /** A kind of job that we have no word for. */
  | 'unknown-type'
  /** On demand, up to 50 times the price, by a kind of model that no job tells. */
  | 'create-model'
  /** It ended and its bytes billed are hidden: tables with row-level security. */
  | 'bytes-hidden'
  /** A reservation whose edition BigQuery does not tell, or one that we have no word for. */
  | 'unknown-edition'
  /** Neither the list nor the owner's `pricing` has a price for this location. */
  | 'no-price';

/**
 * The cost of a job, pending, running or done. The models are tried in the order of bigquery-facts, "Cost"; each
 * step names its source.
 *
 * @param prices the list with the owner's over it, see `withOwnPrices`
 */
export function jobCost(job: Job, prices: PriceTable): JobCost {
  // Nothing is charged for a dry run [doc: running-queries.md].
  if (job.dryRun === true) return free('dry-run');
  // "A cache hit → free" [bigquery-facts: Cost]; its reservation is empty, so this comes first.
  if (job.cacheHit === true) return free('cache-hit');
  if (job.type === undefined) return lacking('type');
  if (job.type === 'UNKNOWN') return unknown('unknown-type');
  if (job.type !== 'QUERY' && isSharedPool(job)) return free('shared-pool');
  if (job.type === 'QUERY' && job.statementType === undefined) return lacking('statementType');
  // Leave SCRIPT parents out, they repeat their children [doc: information-schema-jobs.md].
  if (job.statementType === 'SCRIPT') return { model: 'children', reason: 'script', spentUsd: 0 };
  if (job.reservation || job.edition) return onSlots(job, prices);
  if (job.reservation === undefined) return lacking('reservation');
  return onDemand(job, prices);
}

/** Loads, extracts and copies run in the shared pool for nothing, unless they are assigned to a reservation. */
function isSharedPool({ reservation, edition }: Job): boolean {
  if (reservation === null && !edition) return true;
  return reservation !== undefined && reservation !== null && /(^|[.:/])default-pipeline$/.test(reservation);
}

/**
 * Slot time is charged whatever becomes of the job: "This charge applies even if the job that causes BigQuery to
 * scale up fails" [doc: slots-autoscaling-intro.md]. A pending job has used none.
 */
function onSlots({ edition, reservation, state, slotMs, name }: Job, prices: PriceTable): JobCost {
  if (edition === undefined) return lacking('edition');
  if (edition === null || !isEdition(edition)) return unknown('unknown-edition');
  const usdPerSlotHour = pricesIn(prices, name.location)?.usdPerSlotHour[edition];
  if (usdPerSlotHour === undefined) return unknown('no-price');
  if (slotMs === undefined && state !== 'PENDING') return lacking('slotMs');
  const spentUsd = slotsUsd(slotMs ?? 0, usdPerSlotHour);
  return {
    model: 'slots',
    reason: reservation ? 'reservation' : 'edition',
    edition,
    usdPerSlotHour,
    spentUsd,
  };
}

export function slotsUsd(slotMs: number, usdPerSlotHour: number): number {
  return toNanoUsd((slotMs / HOUR_MS) * usdPerSlotHour);
}

function onDemand(job: Job, prices: PriceTable): JobCost {
  // "CREATE_MODEL differs (up to 50 ×)" [doc: information-schema-jobs.md, Limitations].
  if (job.statementType === 'CREATE_MODEL') return unknown('create-model');
  const usdPerTiB = pricesIn(prices, job.name.location)?.usdPerTiB;
  if (usdPerTiB === undefined) return unknown('no-price');
  const priced = { model: 'on-demand', reason: 'no-reservation', usdPerTiB } as const;
  if (job.state !== 'DONE') {
    const { estimatedBytes } = job;
    return {
      ...priced,
      ...(job.state === 'PENDING' && { spentUsd: 0 }),
      ...(estimatedBytes !== undefined && { upToUsd: onDemandUsd(estimatedBytes, usdPerTiB) }),
    };
  }
  // "You aren't charged for queries that return an error. However, canceling a running query might incur
  // charges": error_result IS NULL OR error_result.reason = 'stopped' [doc: information-schema-jobs.md].
  if (job.error === undefined || (job.error !== null && job.error.reason === undefined))
    return lacking('error');
  if (job.error !== null && job.error.reason !== 'stopped') return free('failed');
  // "BigQuery hides the number of bytes billed on all queries against tables with row-level security" [same].
  if (job.bytesBilled === undefined)
    return { model: 'unknown', reason: 'bytes-hidden', lacks: ['bytesBilled'] };
  return { ...priced, spentUsd: onDemandUsd(job.bytesBilled, usdPerTiB) };
}

function free(reason: 'dry-run' | 'cache-hit' | 'shared-pool' | 'failed'): JobCost {
  return { model: 'free', reason, spentUsd: 0 };
}

function lacking(...lacks: readonly JobField[]): JobCost {
  return { model: 'unknown', reason: 'not-told', lacks };
}

function unknown(reason: UnknownReason): JobCost {
  return { model: 'unknown', reason, lacks: [] };
}
