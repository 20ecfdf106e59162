import * as z from 'zod';
import type { Write } from '../../shared/ledger/store.ts';
import type { JobTruth } from '../../simulator/truth.ts';
import type { ListedPage } from './bigquery.ts';
import type { Counts } from './counts.ts';
import { currentDelivery } from './instance.ts';
import { actingPolicy } from './oracle.ts';
import { jobOf, type Past } from './past.ts';
import type { FileDescription } from './policy-description.ts';
import type { ShownPage } from './retry-past.ts';

/** Somebody who has been guilty for less may be just about to be acted on by somebody else. */
const SURELY_GUILTY_MS = 3_000;

/** What a sweep was shown. `guilty`: of the project, by policy; undefined where nobody asks. */
export function observePage(
  past: Past,
  { jobs, unreachable, begins }: ListedPage,
  guilty: Map<string, Set<string>> | undefined,
): void {
  const delivery = currentDelivery.getStore();
  if (!delivery) return;
  const { id } = delivery;
  const from = past.leases.get(id)?.createdUpToMs;
  if (begins && !past.listed.has(id) && begins.createdUpToMs !== from)
    past.astray.push(
      `delivery ${id} began its list at ${begins.createdUpToMs ?? 'the newest job'}, and the one before stopped at ${from ?? 'its end'}`,
    );
  past.listed.set(id, (past.listed.get(id) ?? 0) + jobs);
  if (unreachable.length > 0) past.unreachable.add(id);
  if (guilty) past.knownGuilty.set(id, guiltyAllAlong(past.knownGuilty.get(id), guilty));
}

/** What an instance of `retry` was shown. */
export function observeRetryPage(
  past: Past,
  about: Pick<ShownPage, 'instance' | 'delivery' | 'projectId' | 'atMs' | 'asOfMs'>,
  { createdFromMs, createdUpToMs, states, shown, unreachable, begins }: ListedPage,
): void {
  past.retries.pages.push({
    ...about,
    isFirst: begins !== undefined,
    states,
    ...(createdFromMs !== undefined && { createdFromMs }),
    ...(createdUpToMs !== undefined && { createdUpToMs }),
    shown,
    unreachable,
  });
}

/** What a sweep says of itself. */
export function observeLine(past: Past, counts: Counts, line: string): void {
  const delivery = currentDelivery.getStore();
  if (!delivery) return;
  if (line.includes('"message":"locations unreachable"')) past.saidUnreachable.add(delivery.id);
  if (line.includes('"because":"lease-held"')) counts.add('sweep finds the lease held');
  if (!line.includes('"message":"sweep done"')) return;
  counts.add('sweep done');
  past.sweptTo.add(delivery.id);
  if (!line.includes('"complete":false')) return;
  past.unfinished.add(delivery);
  const left = past.leases.get(delivery.id);
  // A lease that was lost meanwhile is not given back.
  if (left?.kind === 'given back' && left.createdUpToMs === undefined && past.listed.get(delivery.id))
    past.astray.push(`delivery ${delivery.id} did not come to its last page, and left nothing to go on from`);
}

/** What a sweep takes up from the one before, and leaves to the next. */
export function observeLease(past: Past, write: Write): void {
  const delivery = currentDelivery.getStore();
  if (!delivery || !write.key.startsWith('lease:sweep')) return;
  const row = write.kind === 'delete' ? { holder: '' } : LeaseRow.parse(write.body);
  const kind = row.holder === '' ? 'given back' : 'taken';
  const { key } = write;
  const position = positionIn(row);
  past.leases.set(delivery.id, { kind, key, ...position });
  if (kind === 'given back' || !position) return;
  const before = [...past.leases].findLast(
    ([id, other]) =>
      id !== delivery.id &&
      other.kind === 'given back' &&
      other.key === key &&
      other.createdUpToMs === position.createdUpToMs,
  );
  if (before) past.goesOnFrom.set(delivery.id, before[0]);
}

/** A lease as the ledger holds it, as far as the invariants ask. */
const LeaseRow = z.object({
  holder: z.string(),
  takenForMs: z.exactOptional(z.number()),
  untilMs: z.exactOptional(z.number()),
  left: z.exactOptional(
    z.object({
      body: z.object({
        stopped: z.exactOptional(
          z.object({ position: z.object({ createdUpToMs: z.number() }), untilMs: z.number() }),
        ),
      }),
    }),
  ),
});

/** Where the list is to go on, unless that was left too long ago. */
function positionIn({
  takenForMs = 0,
  untilMs = 0,
  left,
}: z.infer<typeof LeaseRow>): { readonly createdUpToMs: number } | undefined {
  const stopped = left?.body.stopped;
  const takenAtMs = untilMs - takenForMs;
  return stopped && stopped.untilMs > takenAtMs
    ? { createdUpToMs: stopped.position.createdUpToMs }
    : undefined;
}

/** Jobs of the project without a claim that are guilty beyond doubt, by policy. */
export function guiltyIn(
  projectId: string,
  file: FileDescription | undefined,
  truths: readonly JobTruth[],
  past: Past,
  nowMs: number,
): Map<string, Set<string>> {
  const guilty = new Map<string, Set<string>>();
  if (!file) return guilty;
  const claimed = new Set([...past.claims.values()].map(({ job }) => job));
  for (const truth of truths) {
    if (truth.projectId !== projectId || claimed.has(jobOf(truth))) continue;
    const name = actingPolicy(file, truth, nowMs - SURELY_GUILTY_MS)?.name;
    if (name !== undefined) guilty.set(name, (guilty.get(name) ?? new Set()).add(jobOf(truth)));
  }
  return guilty;
}

/** A job may become guilty, or end, between two pages. */
function guiltyAllAlong(
  before: Map<string, Set<string>> | undefined,
  now: Map<string, Set<string>>,
): Map<string, Set<string>> {
  if (!before) return now;
  const both = [...before].map(([policy, jobs]): [string, Set<string>] => {
    const still = now.get(policy) ?? new Set();
    return [policy, new Set([...jobs].filter((job) => still.has(job)))];
  });
  return new Map(both);
}
