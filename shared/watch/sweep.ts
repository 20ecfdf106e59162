import { permissionMissing } from '../alert/system-alert.ts';
import { ForbiddenError } from '../bigquery/errors.ts';
import { SweepGate } from '../enforce/breaker.ts';
import { isFreeAtMs, resume } from '../enforce/enforce.ts';
import { publishUnmarked, tellAlerts } from '../enforce/outbox.ts';
import type { EnforcePorts, Span } from '../enforce/ports.ts';
import { claimKey } from '../ledger/claim-key.ts';
import type { Claim } from '../ledger/ledger.ts';
import { look, nominate, type Sight } from './sight.ts';
import { type SweepLease, takeSweepLease } from './sweep-lease.ts';
import { watchJob } from './watch-job.ts';

/** How one sweep over one project went. */
export type Swept =
  /**
   * `faults`: what went wrong with single jobs; the others were done. Not `complete`: time ran out before the
   * last page, and what was seen until then was done.
   */
  | {
      readonly kind: 'done';
      readonly jobs: number;
      readonly faults: readonly unknown[];
      readonly complete: boolean;
    }
  /** Another sweep of this project and verb is under way. */
  | { readonly kind: 'lease-held' }
  /** The project may not be listed. People were told. */
  | { readonly kind: 'forbidden' };

/** How much of a sweep's time listing may take: the rest is for what was found. */
const LISTING_PART = 0.7;

/** At most so many unfinished acts are taken up again by one sweep; the next takes the rest. */
const MAX_RESUMED = 1_000;

/**
 * The level trigger: looks at what *is* in a project, whatever events came or did not. Lists the pending and
 * running jobs to the last page, and only then acts, so that the breaker can weigh the acts against the jobs.
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
    if (!(error instanceof ForbiddenError)) throw error;
    const alert = permissionMissing(ports.verb, projectId, error.message, ports.clock.now());
    await tellAlerts([alert], ports);
    return { kind: 'forbidden' };
  } finally {
    await lease.release();
  }
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
    const { jobs, sights, complete } = await listAndJudge(projectId, lease, span, ports, guard);
    const gate = await gateFor(jobs, sights, ports);
    await Promise.all(sights.map((sight) => guard(watchJob(sight, gate, span, ports))));
    return { kind: 'done', jobs, faults, complete };
  } finally {
    await leftovers;
  }
}

type Guard = <T>(work: Promise<T>) => Promise<T | undefined>;

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
  await Promise.all(due.map((claim) => guard(take(claim))));
}

/** Every pending and running job is judged as its page comes in; only those that matter are kept. */
async function listAndJudge(
  projectId: string,
  lease: SweepLease,
  span: Span,
  ports: EnforcePorts,
  guard: Guard,
): Promise<{ jobs: number; sights: readonly Sight[]; complete: boolean }> {
  const listUntilMs = ports.clock.now() + (span.deadlineAtMs - ports.clock.now()) * LISTING_PART;
  let complete = true;
  let jobs = 0;
  const sights: Promise<Sight | undefined>[] = [];
  const query = { projectId, states: ['pending', 'running'] } as const;
  for await (const page of ports.jobs.list(query, { deadlineAtMs: span.deadlineAtMs })) {
    await lease.renew();
    jobs += page.jobs.length;
    if (page.brokenItems > 0)
      ports.log.warning('list items not understood', { projectId, count: page.brokenItems });
    if (page.unreachable.length > 0) {
      ports.log.warning('locations unreachable', { projectId, locations: page.unreachable });
    }
    const policies = await ports.policies.recent();
    for (const job of page.jobs) {
      const sight = nominate(job, policies, ports.clock.now());
      if (sight.verdict.needs.length > 0) sights.push(guard(lookCloser(sight, span, ports)));
      else if (matters(sight, span)) sights.push(Promise.resolve(sight));
    }
    if (ports.clock.now() > listUntilMs) {
      complete = false;
      break;
    }
  }
  const seen = await Promise.all(sights);
  return { jobs, sights: seen.filter((sight) => sight !== undefined), complete };
}

async function lookCloser(nominated: Sight, span: Span, ports: EnforcePorts): Promise<Sight | undefined> {
  const seen = await look(nominated.job.name, span, ports);
  return typeof seen !== 'string' && matters(seen, span) ? seen : undefined;
}

/** Whether there is anything to tell, to do, or to wait for. */
function matters({ verdict }: Sight, span: Span): boolean {
  if (verdict.findings.length > 0 || verdict.undecided.length > 0) return true;
  return verdict.recheckAtMs !== undefined && verdict.recheckAtMs <= span.horizonAtMs;
}

/** The sweep's breaker, told of every act that is known before the first is done. */
async function gateFor(jobs: number, sights: readonly Sight[], ports: EnforcePorts): Promise<SweepGate> {
  const gate = new SweepGate(jobs, ports);
  for (const { job, policies, verdict } of sights) {
    const policy = policies.cancel.find(({ name }) => name === verdict.act?.policy);
    if (!policy) continue;
    // An act that is under way or over is not done again, so it is none of this sweep's.
    const known = await ports.ledger.claim(job.name, ports.verb, 1);
    if (!known || known.claim.state === 'void') gate.expect(policy, claimKey(job.name, ports.verb, 1));
  }
  return gate;
}
