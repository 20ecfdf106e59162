import { permissionMissing, projectUnwatchable } from '../alert/system-alert.ts';
import { ForbiddenError, JobsApiError, UnauthenticatedError } from '../bigquery/errors.ts';
import { isFreeAtMs, resume } from '../enforce/enforce.ts';
import { publishUnmarked, tellAlerts } from '../enforce/outbox.ts';
import type { EnforcePorts, Span } from '../enforce/ports.ts';
import type { Claim } from '../ledger/ledger.ts';
import { type Guard, listAndJudge } from './listing.ts';
import { finishRound, leaveRest } from './round.ts';
import { type SweepLease, takeSweepLease } from './sweep-lease.ts';

/** How one sweep over one project went. */
export type Swept =
  /**
   * `jobs`: how many it saw. `faults`: what went wrong with single jobs; the others were done. Not `complete`: time
   * ran out before the last page; what was seen until then was told, and the next sweep goes on from there.
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

/** At most so many unfinished acts are taken up again by one sweep; the next takes the rest. */
const MAX_RESUMED = 1_000;

/**
 * The level trigger: looks at what *is* in a project, whatever events came or did not. Lists the pending and
 * running jobs to the last page, and only then acts, so that the breaker can weigh the acts against the jobs; where one sweep
 * has no time for all pages, the next ones go on, and the last of them acts (docs/decisions/0023).
 * What falls due before the horizon is waited for; then it answers.
 *
 * @param id tells this sweep from every other, also of this instance
 * @throws the errors of `bigquery/errors.ts` and `ledger/errors.ts` when the listing itself failed
 */
export async function sweep(projectId: string, id: string, span: Span, ports: EnforcePorts): Promise<Swept> {
  const lease = await takeSweepLease(projectId, id, span, ports);
  if (!lease) return { kind: 'lease-held' };
  try {
    return await sweepUnderLease(projectId, lease, span, ports);
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
): Promise<Swept> {
  const faults: unknown[] = [];
  const guard: Guard = (work) =>
    work.catch((error: unknown) => {
      faults.push(error);
      return undefined;
    });
  // What earlier sweeps left undone goes on beside this one's own work, and never holds it up.
  const leftovers = Promise.all([
    guard(publishUnmarked(ports)),
    guard(resumeDue(projectId, span, ports, guard)),
  ]);
  try {
    const listed = await listAndJudge(projectId, lease, span, ports, guard);
    if (listed === 'no-time') return { kind: 'no-time' };
    const { jobs, stopped } = listed;
    if (stopped) await leaveRest(listed, lease, span, ports, guard);
    else await finishRound(projectId, listed, lease, span, ports, guard);
    await tellRefusedLooks(faults, projectId, ports);
    if (stopped?.why) throw stopped.why;
    return { kind: 'done', jobs, faults, complete: !stopped };
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

/** Takes up acts that are unfinished: let go of in good order, or left behind by a holder that died. */
async function resumeDue(projectId: string, span: Span, ports: EnforcePorts, guard: Guard): Promise<void> {
  const { ledger, clock, verb } = ports;
  const due = await ledger.dueClaims(verb, projectId, span.horizonAtMs, MAX_RESUMED);
  const take = async (claim: Claim): Promise<void> => {
    const atMs = isFreeAtMs(claim);
    if (atMs > span.horizonAtMs) return;
    await clock.sleep(Math.max(0, atMs - clock.now()));
    await resume(claim, span, ports);
  };
  await Promise.all([
    guard(tellUnreadable(due.unreadable, projectId, ports)),
    ...due.claims.map((claim) => guard(take(claim))),
  ]);
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
