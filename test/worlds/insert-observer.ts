import type { WriteRecord } from '../../simulator/state.ts';
import { currentDelivery } from './instance.ts';
import { jobOf, type Past } from './past.ts';
import { attemptIn, type Insert } from './retry-past.ts';

/** A write as an insert that invariants ask about. `location`: where it was to be, which a refused one does not tell. */
export function insertOf(
  { job: name, by, effective, refused, configuration = {} }: WriteRecord,
  { location, ...around }: Pick<Insert, 'atMs' | 'instance' | 'truths'> & { readonly location: string },
  past: Past,
): Insert {
  const job = jobOf({ location, ...name });
  const claim = past.retries.claimOf(job);
  return {
    ...around,
    delivery: currentDelivery.getStore()?.id,
    job,
    by,
    isEffective: effective,
    configuration,
    ...(refused !== undefined && { refused }),
    ...attemptIn(job),
    ...(claim && { claim }),
  };
}
