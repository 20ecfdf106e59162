import type { Alert, SystemAlert } from '../alert/alert.schema.ts';
import { findingsSummarised } from '../alert/system-alert.ts';
import { tellAlerts } from './outbox.ts';
import type { EnforcePorts } from './ports.ts';

type TellPorts = Pick<EnforcePorts, 'clock' | 'ledger' | 'publisher' | 'log' | 'verb'>;

/** Findings that only alert, told one by one up to so many per policy and hour. */
const MAX_PER_HOUR = 1_000;
const HOUR_MS = 3_600_000;

/** Tells what no act goes with, once; beyond the hour's limit one summary stands for all that is found. */
export async function tellWithinHour(
  alert: Alert,
  policy: string,
  nowMs: number,
  ports: TellPorts,
): Promise<void> {
  if (await ports.ledger.hasAlert(alert.id)) return;
  const count = await ports.ledger.countAlert(policy, Math.floor(nowMs / HOUR_MS) * HOUR_MS);
  if (count <= MAX_PER_HOUR) {
    await tellAlerts([alert], ports);
    return;
  }
  ports.log.warning('finding not told, too many this hour', { policy, job: alert.subject, type: alert.type });
  await tellAlerts([hoursSummary(policy, nowMs, ports)], ports);
}

/** The one alert of an hour in which a policy found more than are told one by one. */
export function hoursSummary(policy: string, nowMs: number, { verb }: Pick<TellPorts, 'verb'>): SystemAlert {
  return findingsSummarised(verb, policy, MAX_PER_HOUR, nowMs);
}
