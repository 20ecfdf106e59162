import type { Job } from '../job/job.ts';
import { slotsUsd } from './job-cost.ts';
import { onDemandUsd } from './on-demand.ts';
import { type PriceTable, pricesIn } from './price-table.ts';

// What a job can have cost at most while its model is not told: at the dearest price of its location. A job that
// is far from a limit by this needs no `jobs.get` to say so.

/** At the dearest edition; `undefined` when its slot time is not told. */
export function mostSlotsUsd(job: Job, prices: PriceTable): number | undefined {
  const { state, slotMs, reservation, edition, name } = job;
  const usdPerSlotHours = Object.values(pricesIn(prices, name.location)?.usdPerSlotHour ?? {});
  const onDemand = reservation === null && !edition;
  if (onDemand || usdPerSlotHours.length === 0 || state === 'PENDING') return 0;
  return slotMs === undefined ? undefined : slotsUsd(slotMs, Math.max(...usdPerSlotHours));
}

/** By its estimate; `undefined` when that is not told. Only queries are charged for bytes. */
export function mostOnDemandUsd(job: Job, prices: PriceTable): number | undefined {
  const { type, estimatedBytes, reservation, edition, name } = job;
  const usdPerTiB = pricesIn(prices, name.location)?.usdPerTiB;
  const isOther = (type !== undefined && type !== 'QUERY') || Boolean(reservation) || Boolean(edition);
  if (usdPerTiB === undefined || isOther) return 0;
  return estimatedBytes === undefined ? undefined : onDemandUsd(estimatedBytes, usdPerTiB);
}
