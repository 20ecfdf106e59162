import type { JobName } from '../shared/job/job-name.ts';
import type { Ledger } from '../shared/ledger/ledger.ts';

/**
 * Whether BigQuery knows a job no more because the watchdog had it deleted: an entry of it that comes late, or twice, is
 * genuine all the same.
 *
 * @throws the errors of `ledger/errors.ts`
 */
export async function wasPurged(
  name: JobName,
  ledger: Pick<Ledger, 'claim' | 'certificateOf'>,
): Promise<boolean> {
  const known = await ledger.claim(name, 'purge', 1);
  if (known && known.claim.askedAtMs.length > 0) return true;
  return (await ledger.certificateOf(name)) !== undefined;
}
