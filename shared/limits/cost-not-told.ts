import { mostOnDemandUsd, mostSlotsUsd } from '../cost/most-usd.ts';
import type { PriceTable } from '../cost/price-table.ts';
import type { Job, JobField } from '../job/job.ts';
import type { Measure } from './limit.ts';

interface Counted {
  readonly prices: PriceTable;
  /** Whether the on-demand estimate counts. */
  readonly estimate: boolean;
  /** By how much the spending on slots is multiplied. */
  readonly times: number;
}

/**
 * The measure of a job whose model is not told, or cannot be: what is lacking, and how much the job can have cost
 * at most, so that small jobs are not looked at one by one.
 *
 * @param lacks fields that another source may tell; none: nobody will, and no limit is crossed
 */
export function costNotTold(job: Job, lacks: readonly JobField[], counted: Counted): Measure {
  if (lacks.length === 0) return { kind: 'idle' };
  const { prices, estimate, times } = counted;
  const slots = mostSlotsUsd(job, prices);
  const onDemand = estimate ? mostOnDemandUsd(job, prices) : 0;
  const fields: readonly JobField[] = onDemand === undefined ? [...lacks, 'estimatedBytes'] : lacks;
  if (slots === undefined || onDemand === undefined) return { kind: 'lacks', fields };
  return { kind: 'lacks', fields, atMost: Math.max(slots === 0 ? 0 : slots * times, onDemand) };
}
