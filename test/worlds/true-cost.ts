import type { JobTruth } from '../../simulator/truth.ts';
import type { PricesDescription, PricingDescription } from './policy-description.ts';

// What a job truly costs, written anew from the facts about cost and sharing no code with the product's.

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const MEGABYTE = 2 ** 20;
const TIB = 2 ** 40;

/** List prices of the locations that worlds have; `europe-west9` has none. */
const LISTED: PricingDescription = {
  US: { usdPerTiB: 6.25, usdPerSlotHour: { STANDARD: 0.04, ENTERPRISE: 0.06, ENTERPRISE_PLUS: 0.1 } },
  EU: { usdPerTiB: 6.25, usdPerSlotHour: { STANDARD: 0.044, ENTERPRISE: 0.066, ENTERPRISE_PLUS: 0.11 } },
  'europe-west2': {
    usdPerTiB: 7.8125,
    usdPerSlotHour: { STANDARD: 0.052, ENTERPRISE: 0.078, ENTERPRISE_PLUS: 0.13 },
  },
};

/** What a job on slots has cost by now; undefined for one that is charged otherwise, or at no known price. */
export function slotsUsd(job: JobTruth, pricing: PricingDescription): number | undefined {
  const { edition, reservation } = job;
  if (job.type === 'COPY' || job.statementType === 'SCRIPT' || reservation === 'default-pipeline')
    return undefined;
  if (edition === undefined || job.dryRun) return undefined;
  const usdPerSlotHour =
    ownPrices(job, pricing)?.usdPerSlotHour?.[edition] ??
    pricesIn(LISTED, job.location)?.usdPerSlotHour?.[edition];
  return usdPerSlotHour === undefined ? undefined : toNano((job.slotMs / HOUR_MS) * usdPerSlotHour);
}

/** What a query on demand may cost at most, by BigQuery's estimate. */
export function estimatedUsd(job: JobTruth, pricing: PricingDescription): number | undefined {
  const { type, statementType, estimatedBytes, edition, reservation } = job;
  if (type !== 'QUERY' || statementType === 'SCRIPT' || statementType === 'CREATE_MODEL') return undefined;
  if (edition !== undefined || reservation !== undefined) return undefined;
  if (estimatedBytes === undefined || job.dryRun) return undefined;
  const usdPerTiB = ownPrices(job, pricing)?.usdPerTiB ?? pricesIn(LISTED, job.location)?.usdPerTiB;
  const megabytes = estimatedBytes === 0 ? 0 : Math.max(10, Math.ceil(estimatedBytes / MEGABYTE));
  return usdPerTiB === undefined ? undefined : toNano(((megabytes * MEGABYTE) / TIB) * usdPerTiB);
}

/** Where a running job is heading: an hour more at its rate so far, or on demand what it may cost. */
export function projectedUsd(job: JobTruth, nowMs: number, pricing: PricingDescription): number | undefined {
  const spent = slotsUsd(job, pricing);
  if (spent === undefined) return estimatedUsd(job, pricing);
  return toNano(spent * (1 + HOUR_MS / averagedOverMs(job, nowMs)));
}

/** Averages are over a minute at least. */
export function averagedOverMs({ startTimeMs = 0 }: JobTruth, nowMs: number): number {
  return Math.max(MINUTE_MS, nowMs - startTimeMs);
}

function ownPrices({ location }: JobTruth, pricing: PricingDescription): PricesDescription | undefined {
  return pricesIn(pricing, location);
}

function pricesIn(pricing: PricingDescription, location: string): PricesDescription | undefined {
  return Object.entries(pricing).find(([key]) => key.toLowerCase() === location.toLowerCase())?.[1];
}

/** A hair above three dollars is three dollars. */
function toNano(usd: number): number {
  return Math.round(usd * 1e9) / 1e9;
}
