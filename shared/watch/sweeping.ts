import { permissionMissing, projectUnwatchable } from '../alert/system-alert.ts';
import { ForbiddenError, JobsApiError, UnauthenticatedError } from '../bigquery/errors.ts';
import { isFreeAtMs } from '../enforce/enforce.ts';
import { publishUnmarked, tellAlerts } from '../enforce/outbox.ts';
import type { EnforcePorts, Span } from '../enforce/ports.ts';
import type { Claim } from '../ledger/ledger.ts';
import type { Guard } from './listing.ts';
import { type SweepLease, takeSweepLease } from './sweep-lease.ts';

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
  const lease = await takeSweepLease(projectId, id, span, ports);
  if (!lease) return { kind: 'lease-held' };
  try {
    return await sweepUnderLease(projectId, lease, span, ports, work);
  } catch (error) {
    return await tellUnwatchable(error, projectId, ports);
  } finally {
    await lease.release();
  }
}

/** A listing that fails for good is told to people; what may pass is thrown on, and tried again. */
async function tellUnwatchable(error: unknown, projectId: string, ports: EnforcePorts): Promise<Swept> {
  if (!(error instanceof JobsApiError)) throw error;
  const now = ports.clock.now();
  const { name, message } = error;
  const alert =
    error instanceof ForbiddenError
      ? permissionMissing(ports.verb, projectId, { permission: error.permission, detail: message }, now)
      : projectUnwatchable(ports.verb, projectId, name, message, now);
  const mayPass = error.fault !== 'terminal';
  // Credentials may be mended at any time, but seldom mend themselves.
  if (!mayPass || error instanceof UnauthenticatedError) await tellAlerts([alert], ports);
  if (mayPass) throw error;
  return { kind: 'unwatchable' };
}

async function sweepUnderLease(
  projectId: string,
  lease: SweepLease,
  span: Span,
  ports: EnforcePorts,
  work: SweepWork,
): Promise<Swept> {
  const faults: unknown[] = [];
  const guard: Guard = (job) =>
    job.catch((error: unknown) => {
      faults.push(error);
      return undefined;
    });
  const leftovers = Promise.all([
    guard(publishUnmarked(ports)),
    guard(resumeDue(projectId, span, ports, work, guard)),
  ]);
  try {
    const seen = await work.look(lease, guard);
    if (seen.kind !== 'seen') return seen;
    faults.push(...(seen.faults ?? []));
    await tellRefusedLooks(faults, projectId, ports);
    if (seen.why) throw seen.why;
    return { kind: 'done', jobs: seen.jobs, faults, complete: seen.complete };
  } finally {
    await leftovers;
  }
}

/** Jobs that cannot be looked at are not watched: people are told once a day for each kind of refusal. */
async function tellRefusedLooks(
  faults: readonly unknown[],
  projectId: string,
  ports: EnforcePorts,
): Promise<void> {
  const now = ports.clock.now();
  const refusals = faults.filter(isRefusal);
  const alerts = refusals.map(({ method, name, message }) =>
    projectUnwatchable(ports.verb, projectId, `${method} ${name}`, message, now),
  );
  await tellAlerts(alerts, ports);
}

/** One that people were not told of already. */
function isRefusal(fault: unknown): fault is JobsApiError {
  return fault instanceof JobsApiError && fault.fault === 'terminal' && !(fault instanceof ForbiddenError);
}

async function resumeDue(
  projectId: string,
  span: Span,
  ports: EnforcePorts,
  work: SweepWork,
  guard: Guard,
): Promise<void> {
  const due = await ports.ledger.dueClaims(ports.verb, projectId, span.horizonAtMs, MAX_RESUMED);
  await Promise.all([
    guard(tellUnreadable(due.unreadable, projectId, ports)),
    ...due.claims.map((claim) => guard(whenFree(claim, span, ports, (free) => work.resume(free)))),
  ]);
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

/** Only a person can finish what cannot be read; to send the sweep again would not help. */
async function tellUnreadable(
  [first, ...more]: readonly Error[],
  projectId: string,
  ports: EnforcePorts,
): Promise<void> {
  if (first === undefined) return;
  const count = 1 + more.length;
  ports.log.error('unfinished acts cannot be read', { project: projectId, count, error: first });
  const detail = `unfinished acts that cannot be read: ${count}; ${first.message}`;
  await tellAlerts([projectUnwatchable(ports.verb, projectId, first.name, detail, ports.clock.now())], ports);
}
