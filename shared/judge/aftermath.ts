import { jobCost } from '../cost/job-cost.ts';
import { bytesFor } from '../cost/on-demand.ts';
import type { PriceTable } from '../cost/price-table.ts';
import type { Job } from '../job/job.ts';
import { printBytes } from '../units/bytes.ts';
import { ceilCents, printUsd } from '../units/usd.ts';
import type { Measured } from './verdict.ts';

/** Less than this is not worth a word. */
const LEAST_TOLD_USD = 0.01;

/**
 * What else a person should know of a job on demand: that a cancel may still cost as much as the whole query
 * [bigquery-facts: Jobs API], and that a `maximumBytesBilled` would have refused it free of charge [doc:
 * best-practices-costs.md]. Empty for every other job: slots are paid for as they are used.
 */
export function aftermath(
  job: Job,
  prices: PriceTable,
  { measured, isCancel }: { readonly measured: Measured | undefined; readonly isCancel: boolean },
): string {
  const cost = jobCost(job, prices);
  if (cost.model !== 'on-demand' || cost.upToUsd === undefined || cost.upToUsd < LEAST_TOLD_USD) return '';
  const cap = capBytes(measured, cost.usdPerTiB);
  return [
    ...(isCancel ? [`; up to ${printUsd(ceilCents(cost.upToUsd))} may be billed all the same`] : []),
    ...(cap
      ? [`; a maximumBytesBilled of ${cap} (${printBytes(cap)}) would have refused it free of charge`]
      : []),
  ].join('');
}

/** The setting that does what the limit does, before the start. A projection or a measure of use has none. */
function capBytes(measured: Measured | undefined, usdPerTiB: number): number | undefined {
  if (measured === undefined || measured.value <= measured.allowed) return undefined;
  if (measured.limit === 'estimatedBytes') return measured.allowed;
  return measured.unit === 'usd' && measured.basis === 'estimate'
    ? bytesFor(measured.allowed, usdPerTiB)
    : undefined;
}
