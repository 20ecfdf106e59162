import type { JobsApiError } from '../bigquery/errors.ts';
import { isFreeAtMs } from '../enforce/enforce.ts';
import { publishUnmarked } from '../enforce/outbox.ts';
import type { EnforcePorts, Span } from '../enforce/ports.ts';
import { UnreadableDocumentError } from '../ledger/errors.ts';
import type { Claim } from '../ledger/ledger.ts';
import type { Guard } from './listing.ts';
import { type SweepLease, takeSweepLease } from './sweep-lease.ts';
import { mayPass, tellNotWhole } from './tell-not-whole.ts';
import { tellRefusedLooks, tellUnreadable, tellUnwatchable } from './tell-unwatched.ts';

/** How one sweep over one project went. */
export type Swept =
  /**
   * `jobs`: how many it saw. `faults`: what went wrong with single jobs; the others were done. Not `complete`: time
   * ran out before all was seen; what was seen until then was done or told, and the next sweep goes on from there.
   */
  | {
      readonly kind: 'done';
      readonly jobs: number;
      readonly faults: readonly unknown[];
      readonly complete: boolean;
      /** Acts are called for, and whether they may be done nobody can tell before the next sweep. */
      readonly postponed: boolean;
    }
  /** Another sweep of this project and verb is under way. */
  | { readonly kind: 'lease-held' }
  /** The project may not be listed, or cannot be. People were told. */
  | { readonly kind: 'unwatchable' }
  /** The clocks disagree, or BigQuery told no time. People were told. */
  | { readonly kind: 'no-time' };

/** What a sweep of one verb saw and did. */
export type Seen =
  | {
      readonly kind: 'seen';
      readonly jobs: number;
      readonly complete: boolean;
      readonly postponed?: boolean;
      /** What went wrong with single jobs, besides what was guarded. */
      readonly faults?: readonly unknown[];
      /** A page that did not come though others had. */
      readonly why?: JobsApiError;
    }
  | Extract<Swept, { kind: 'lease-held' | 'no-time' }>;

/** What a verb does in a sweep. */
export interface SweepWork {
  /** Looks at what is in the project. What goes wrong with a single job is `guard`ed. */
  look(lease: SweepLease, guard: Guard): Promise<Seen>;
  /** Goes on with an act that is unfinished: let go of in good order, or left behind by a holder that died. */
  resume(claim: Claim): Promise<unknown>;
}

/** At most so many unfinished acts are taken up again by one sweep; the next takes the rest. */
const MAX_RESUMED = 1_000;

/**
 * What sweeps of every verb have in common: one at a time over a project, and beside its own work whatever the ones
 * before left undone, which never holds it up.
 *
 * @param id tells this sweep from every other, also of this instance
 * @throws the errors of `bigquery/errors.ts` and `ledger/errors.ts` when the looking itself failed
 */
export async function sweeping(
  projectId: string,
  id: string,
  span: Span,
  ports: EnforcePorts,
  work: SweepWork,
): Promise<Swept> {
  try {
    return await sweepInTurn(projectId, id, span, ports, work);
  } catch (error) {
    if (await tellUnwatchable(error, projectId, ports)) throw error;
    return { kind: 'unwatchable' };
  }
}

async function sweepInTurn(
  projectId: string,
  id: string,
  span: Span,
  ports: EnforcePorts,
  work: SweepWork,
): Promise<Swept> {
  const lease = await takeSweepLease(projectId, id, span, ports);
  if (!lease) return { kind: 'lease-held' };
  const { notWholeSinceMs } = lease;
  try {
    if (lease.isAfterDeath) await tellNotWhole('died', notWholeSinceMs, projectId, ports);
    const swept = await sweepUnderLease(projectId, lease, span, ports, work);
    if (swept.kind !== 'done') return swept;
    const why = whyNotWhole(swept);
    if (why === undefined) lease.becomeWhole();
    else await tellNotWhole(why, notWholeSinceMs, projectId, ports);
    return swept;
  } catch (error) {
    if (mayPass(error)) await tellNotWhole(error, notWholeSinceMs, projectId, ports);
    throw error;
  } finally {
    await lease.release();
  }
}

/** What kept it from being whole, if anything did. */
function whyNotWhole({ faults, complete, postponed }: Extract<Swept, { kind: 'done' }>): unknown {
  const fault = faults.find(mayPass);
  if (fault !== undefined) return fault;
  if (!complete) return 'no-time-left';
  return postponed ? 'postponed' : undefined;
}

async function sweepUnderLease(
  projectId: string,
  lease: SweepLease,
  span: Span,
  ports: EnforcePorts,
  work: SweepWork,
): Promise<Swept> {
  // One failure that several jobs hang on, such as of a look that the breaker needs, is one.
  const faults = new Set<unknown>();
  // People are told of these: to send the sweep again would not help.
  const unreadable: UnreadableDocumentError[] = [];
  const note = (error: unknown): undefined => {
    if (error instanceof UnreadableDocumentError) unreadable.push(error);
    else faults.add(error);
  };
  const guard: Guard = (job) => job.catch(note);
  const leftovers = Promise.all([
    guard(publishUnmarked(ports).then((unreadable) => unreadable.forEach(note))),
    guard(resumeDue(projectId, span, ports, work, note)),
  ]);
  try {
    const seen = await work.look(lease, guard);
    if (seen.kind !== 'seen') return seen;
    seen.faults?.forEach(note);
    await tellRefusedLooks([...faults], projectId, ports);
    if (seen.why) throw seen.why;
    const { jobs, complete, postponed = false } = seen;
    return { kind: 'done', jobs, faults: [...faults], complete, postponed };
  } finally {
    await leftovers;
    await tellUnreadable(unreadable, projectId, ports);
  }
}

async function resumeDue(
  projectId: string,
  span: Span,
  ports: EnforcePorts,
  work: SweepWork,
  note: (error: unknown) => undefined,
): Promise<void> {
  const due = await ports.ledger.dueClaims(ports.verb, projectId, span.horizonAtMs, MAX_RESUMED);
  due.unreadable.forEach(note);
  const resume = (claim: Claim): Promise<void> =>
    whenFree(claim, span, ports, (free) => work.resume(free)).catch(note);
  await Promise.all(due.claims.map(resume));
}

/** Waits until a claim wants somebody, if that is before the horizon: else the next tick has it. */
export async function whenFree(
  claim: Claim,
  span: Span,
  { clock }: Pick<EnforcePorts, 'clock'>,
  resume: SweepWork['resume'],
): Promise<void> {
  const atMs = isFreeAtMs(claim);
  if (atMs > span.horizonAtMs) return;
  await clock.sleep(Math.max(0, atMs - clock.now()));
  await resume(claim);
}
