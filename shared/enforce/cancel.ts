import type { Alert } from '../alert/alert.schema.ts';
import { permissionMissing } from '../alert/system-alert.ts';
import { ForbiddenError, JobsApiError, NotFoundError, WriteRefusedError } from '../bigquery/errors.ts';
import type { Finding } from '../judge/verdict.ts';
import type { HeldClaim } from '../ledger/ledger.ts';
import { tellAlerts } from './outbox.ts';
import type { EnforcePorts, Span } from './ports.ts';
import { actAlert, record } from './receipt.ts';
import type { JudgedLook } from './second-look.ts';
import { nextLookAtMs } from './verify.ts';

/**
 * Asks BigQuery to cancel. The claim says so *before* the call: whoever takes it over knows that the job may
 * have been asked, and a holder that lost its lease is stopped here, by the condition of that write.
 *
 * Resolves to the claim to pursue, or undefined when the act is over.
 * @throws JobsApiError when the call failed; the claim then stays `asked` until its lease ends
 */
export async function requestCancel(
  held: HeldClaim,
  look: JudgedLook,
  finding: Finding,
  span: Span,
  ports: EnforcePorts,
): Promise<HeldClaim | undefined> {
  const askedAtMs = [...held.claim.askedAtMs, ports.clock.now()];
  const change = { state: 'asked', askedAtMs, finding, policy: finding.policy } as const;
  const { held: asking } = await ports.ledger.advance(held, change, []);
  try {
    await ports.jobs.cancel(held.claim.job, { deadlineAtMs: span.deadlineAtMs });
  } catch (error) {
    return afterFailure(error, asking, look, ports);
  }
  ports.log.notice('cancel requested', {
    job: held.claim.job,
    policy: finding.policy,
    requests: askedAtMs.length,
  });
  return record(asking, {}, [actAlert('cancelling', look.job, asking.claim, look.nowMs)], ports);
}

/** What a failed request leaves behind: what is known not to have been done can be won again. */
async function afterFailure(
  error: unknown,
  held: HeldClaim,
  { job, nowMs }: JudgedLook,
  ports: EnforcePorts,
): Promise<undefined> {
  if (error instanceof WriteRefusedError) {
    await retract(held, 'dry-run', [actAlert('observed', job, held.claim, nowMs, 'dry-run')], ports);
    return undefined;
  }
  if (error instanceof NotFoundError) {
    await record(held, { state: 'ended', outcome: 'gone', endedAtMs: ports.clock.now() }, [], ports);
    return undefined;
  }
  if (error instanceof ForbiddenError) {
    await tellAlerts([permissionMissing(ports.verb, job.name.projectId, error.message, nowMs)], ports);
    await retract(
      held,
      'forbidden',
      [actAlert('could-not-cancel', job, held.claim, nowMs, 'permission-missing')],
      ports,
    );
  } else if (error instanceof JobsApiError && error.fault !== 'unknown') {
    await retract(held, 'not-asked', [], ports);
  }
  throw error;
}

/** Nothing was done. Requests of earlier rounds still stand, so that their outcome is pursued. */
async function retract(
  held: HeldClaim,
  outcome: string,
  told: readonly Alert[],
  ports: EnforcePorts,
): Promise<void> {
  const askedAtMs = held.claim.askedAtMs.slice(0, -1);
  const { verb, policy, key } = held.claim;
  if (askedAtMs.length > 0) {
    const now = ports.clock.now();
    await record(held, { askedAtMs, lookAtMs: nextLookAtMs(askedAtMs, now), leaseUntilMs: now }, told, ports);
    return;
  }
  await record(held, { state: 'void', askedAtMs, outcome }, told, ports);
  await ports.ledger.freeSlot({ verb, policy }, key);
}
