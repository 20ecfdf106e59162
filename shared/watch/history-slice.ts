import { PageTokenError } from '../bigquery/errors.ts';
import { agreedNow } from '../enforce/agreed-now.ts';
import type { EnforcePorts, Span } from '../enforce/ports.ts';
import type { Job } from '../job/job.ts';
import type { HistoryRange } from './history-range.ts';
import type { SweepLease } from './sweep-lease.ts';
import { tellGaps } from './tell-unwatched.ts';

/** What a list of one slice of history gave. */
export type Slice =
  /** All of its jobs, the oldest first. `seen`: how many there were of any state. */
  | { readonly kind: 'slice'; readonly jobs: readonly Job[]; readonly seen: number }
  /** More than are held at once: a narrower one is to be listed. */
  | { readonly kind: 'too-many' }
  /** A location did not answer. */
  | { readonly kind: 'unreachable' }
  /** The clocks disagree, or BigQuery told no time. People were told. */
  | { readonly kind: 'no-time' };

/** So many jobs are held at once, unless more were created within the narrowest slice. */
export const MOST_IN_A_SLICE = 1_000;
export const NARROWEST_MS = 1_000;

/**
 * Lists what was created in a part of history. Jobs of every state are asked for: one that ends while the pages are
 * read then keeps its place on them.
 *
 * @throws JobsApiError
 */
export async function listSlice(
  projectId: string,
  { fromMs, toMs }: HistoryRange,
  lease: SweepLease,
  span: Span,
  ports: EnforcePorts,
): Promise<Slice> {
  const query = {
    projectId,
    states: ['pending', 'running', 'done'],
    minCreationTimeMs: fromMs,
    // Both ends are in the list [bigquery-facts: list].
    maxCreationTimeMs: toMs - 1,
  } as const;
  const jobs: Job[] = [];
  let seen = 0;
  let sentAtMs: number | undefined = ports.clock.now();
  try {
    for await (const page of ports.jobs.list(query, { deadlineAtMs: span.deadlineAtMs })) {
      const dated = { sentAtMs: sentAtMs ?? 0, receivedAtMs: ports.clock.now(), ...page };
      if (sentAtMs !== undefined && (await agreedNow(dated, ports)) === undefined) return { kind: 'no-time' };
      sentAtMs = undefined;
      await lease.renew();
      await tellGaps(page, projectId, ports);
      if (page.unreachable.length > 0) return { kind: 'unreachable' };
      seen += page.jobs.length;
      if (seen > MOST_IN_A_SLICE && toMs - fromMs > NARROWEST_MS) return { kind: 'too-many' };
      jobs.push(...page.jobs.filter(({ name, state }) => name.projectId === projectId && state === 'DONE'));
    }
  } catch (error) {
    if (error instanceof PageTokenError) return { kind: 'too-many' };
    throw error;
  }
  return { kind: 'slice', jobs: jobs.toSorted(byCreation), seen };
}

function byCreation({ creationTimeMs: a = 0 }: Job, { creationTimeMs: b = 0 }: Job): number {
  return a - b;
}
