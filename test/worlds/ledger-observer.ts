import * as z from 'zod';
import type { Collection, StoredDocument, Write } from '../../shared/ledger/store.ts';
import { Verb } from '../../shared/ledger/verb.schema.ts';
import type { ClaimRow, ClaimWrite } from './claim-row.ts';
import { currentDelivery } from './instance.ts';
import { jobOf, type Past } from './past.ts';
import type { StoreUser } from './shared-store.ts';
import { observeLease } from './sweeps-observer.ts';

/** Whoever writes; an instance that has started has a name of the product's too. */
export interface Writer extends StoreUser {
  readonly holder?: string | undefined;
}

/** What an instance learns from the ledger that acts depend on. */
export function observeRead(
  past: Past,
  by: Writer,
  atMs: number,
  { collection, key }: { readonly collection: Collection; readonly key: string },
  found: StoredDocument | undefined,
): void {
  if (collection === 'policies' && found) past.foundGood(by.id, String(found.body['text']));
  if (collection === 'breakers' && !found) past.closedReads.set(`${by.id} ${key}`, atMs);
  if (collection === 'stops' && !found) past.unstoppedReads.set(by.id, atMs);
}

/** Reads what instances write into the ledger, as the past that invariants ask. */
export function observeWrites(
  past: Past,
  by: Writer,
  atMs: number,
  writes: readonly Write[],
): readonly ClaimWrite[] {
  const alerts = writes.filter(({ collection }) => collection === 'outbox').map(({ key }) => key);
  const claims: ClaimWrite[] = [];
  for (const write of writes) {
    if (write.collection === 'leases') observeLease(past, write);
    if (write.collection === 'leases') observeHeldWork(past, atMs, write);
    if (write.collection === 'slots') observeSlot(past, by, atMs, write);
    if (write.collection === 'breakers') observeBreaker(past, atMs, write);
    if (write.collection === 'stops') past.stoppedSinceMs = write.kind === 'delete' ? undefined : atMs;
    if (write.kind === 'delete') continue;
    if (write.collection === 'claims') claims.push(observeClaim(past, by, atMs, write, alerts));
    if (write.collection === 'dead-letters') {
      const { messageId, fault } = write.body;
      past.deadLetters.push({
        fault: String(fault),
        ...(typeof messageId === 'string' && { messageId }),
      });
    }
  }
  return claims;
}

type Put = Exclude<Write, { kind: 'delete' }>;

function observeClaim(
  past: Past,
  by: Writer,
  atMs: number,
  { key, body }: Put,
  alerts: readonly string[],
): ClaimWrite {
  const row = StoredClaimRow.parse(body);
  const { verb, job, attempt, policy, holder, state, outcome, leaseUntilMs, lookAtMs, askedAtMs } = row;
  const { claims, wins } = { cancel: past, retry: past.retries, purge: past.purges }[verb];
  const before = claims.get(key);
  // Who scheduled a retry or a purge may win it too.
  const isWonAgain = verb !== 'cancel' && before?.stampedWonAtMs !== row.wonAtMs;
  const isWin = before === undefined || before.state === 'void' || before.holder !== holder || isWonAgain;
  const isNewRequest =
    state === 'asked' &&
    askedAtMs.length > (isWin && before?.state === 'void' ? 0 : (before?.askedAtMs.length ?? 0));
  const asked = before?.asked ?? [];
  const stampedAtMs = askedAtMs.at(-1) ?? atMs;
  const after: ClaimRow = {
    key,
    attempt,
    job: jobOf(job),
    projectId: job.projectId,
    policy,
    holder,
    state,
    leaseUntilMs,
    askedAtMs,
    ...(outcome !== undefined && { outcome }),
    ...(lookAtMs !== undefined && { lookAtMs }),
    ...(isWin || before === undefined
      ? {
          wonBy: by.id,
          wonAtMs: atMs,
          isTakeover: before !== undefined && before.state !== 'void',
          ...deliveryNow(),
        }
      : {
          wonBy: before.wonBy,
          wonAtMs: before.wonAtMs,
          isTakeover: before.isTakeover,
          ...(before.wonIn && { wonIn: before.wonIn }),
        }),
    asked: isNewRequest ? [...asked, { atMs, stampedAtMs, by: by.id }] : asked,
    stampedWonAtMs: row.wonAtMs,
    ...(row.retry && { retry: row.retry }),
    ...(row.purge && { purge: row.purge }),
  };
  claims.set(key, after);
  if (isWin) wins.set(`${by.id} ${key}`, atMs);
  if (verb === 'cancel' && state === 'asked') past.askedEver.add(after.job);
  return {
    verb,
    atMs,
    by: by.id,
    byHolder: by.holder,
    clockMs: by.now(),
    ...(before && { before }),
    after,
    alerts,
  };
}

function deliveryNow(): Pick<ClaimRow, 'wonIn'> {
  const delivery = currentDelivery.getStore();
  return delivery === undefined ? {} : { wonIn: delivery };
}

/** A claim as the ledger holds it, as far as the invariants ask. */
const StoredClaimRow = z.object({
  verb: Verb,
  attempt: z.number(),
  wonAtMs: z.number(),
  retry: z.exactOptional(
    z.object({
      attemptId: z.string(),
      principal: z.string(),
      reason: z.string(),
      deadlineAtMs: z.number(),
      createdAtMs: z.exactOptional(z.number()),
    }),
  ),
  purge: z.exactOptional(
    z.object({
      by: z.string(),
      endedAtMs: z.number(),
      dueAtMs: z.number(),
      seenDoneAtMs: z.exactOptional(z.number()),
      children: z.exactOptional(z.array(z.string())),
      heldBy: z.exactOptional(z.string()),
    }),
  ),
  job: z.object({ projectId: z.string(), location: z.exactOptional(z.string()), jobId: z.string() }),
  policy: z.string(),
  holder: z.string(),
  state: z.string(),
  outcome: z.exactOptional(z.string()),
  leaseUntilMs: z.number(),
  lookAtMs: z.exactOptional(z.number()),
  askedAtMs: z.array(z.number()),
});

/** A lease on the work of a retry is taken in the name of its claim. */
function observeHeldWork({ retries }: Past, atMs: number, write: Write): void {
  if (write.kind === 'delete' || !write.key.startsWith('lease:work')) return;
  retries.heldSinceMs.set(String(write.body['holder']), atMs);
}

/** Slots whose time is over are written over, so the last one of a key is the one that stands. */
function observeSlot(past: Past, by: Writer, atMs: number, write: Write): void {
  const standing = past.slots.findLast(({ key, freedAtMs }) => key === write.key && freedAtMs === undefined);
  if (standing) standing.freedAtMs = atMs;
  if (write.kind === 'delete') return;
  const { key, body } = write;
  const expiresAtMs = (write.expiresAtMs ?? by.now()) - (by.now() - atMs);
  const claimKey = String(body['claimKey']);
  const wonAtMs = past.wins.get(`${by.id} ${claimKey}`);
  past.slots.push({
    atMs,
    by: by.id,
    expiresAtMs,
    key,
    policy: policyIn(body),
    claimKey,
    ...(wonAtMs !== undefined && { wonAtMs }),
  });
}

function observeBreaker(past: Past, atMs: number, write: Write): void {
  const standing = past.trips.findLast(({ key, resetAtMs }) => key === write.key && resetAtMs === undefined);
  if (standing) standing.resetAtMs = atMs;
  if (write.kind === 'delete') return;
  const { key, body } = write;
  const delivery = currentDelivery.getStore();
  past.trips.push({
    atMs,
    key,
    policy: policyIn(body),
    why: String(body['why']),
    ...(delivery && { delivery }),
  });
}

function policyIn(body: Readonly<Record<string, unknown>>): string {
  const { scope } = body;
  return typeof scope === 'object' && scope !== null && 'policy' in scope ? String(scope.policy) : '?';
}
