import * as z from 'zod';
import type { Write } from '../../shared/ledger/store.ts';
import type { WriteRecord } from '../../simulator/state.ts';
import type { JobTruth } from '../../simulator/truth.ts';
import { jobOf, type Past } from './past.ts';
import type { CertificateRow, Deletion } from './purge-past.ts';
import { familyIn } from './true-family.ts';

/** A delete that reached BigQuery, as invariants ask about it. */
export function deletionOf(
  { job: name, effective, refused }: WriteRecord,
  around: Pick<Deletion, 'atMs' | 'instance' | 'truths'>,
  past: Past,
): Deletion {
  const job = jobOf(name);
  const family = familyIn(around.truths, job);
  const claim = past.purges.claimOf(job);
  return {
    ...around,
    job,
    isEffective: effective,
    ...(refused !== undefined && { refused }),
    ...(family && { family }),
    ...(claim && { claim }),
  };
}

/** A certificate as the ledger holds it; undefined where it is taken away. */
export function certificateIn(
  write: Write,
  about: { readonly atMs: number; readonly by: string },
  truthOf: (subject: string) => JobTruth | undefined,
): CertificateRow | undefined {
  if (write.kind === 'delete') return undefined;
  const { job: name, ...row } = StoredCertificateRow.parse(write.body);
  const job = jobOf(name);
  const standing = truthOf(job);
  return { ...about, ...row, by: about.by, job, ...(standing && { standing }) };
}

const StoredCertificateRow = z.object({
  job: z.object({ projectId: z.string(), location: z.exactOptional(z.string()), jobId: z.string() }),
  children: z.array(z.string()),
  policy: z.string(),
  seenDoneAtMs: z.number(),
  askedAtMs: z.array(z.number()),
});
