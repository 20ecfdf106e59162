import { clockSkewed, clockUntold } from '../alert/system-alert.ts';
import { bigqueryNow, type Dated } from './bigquery-now.ts';
import { forgetAgreement, noteAgreement } from './clock-agreement.ts';
import { tellAlerts } from './outbox.ts';
import type { EnforcePorts } from './ports.ts';

/** BigQuery's time of an answer, or undefined when it cannot be trusted, of which people are told. */
export async function agreedNow(answer: Dated, ports: EnforcePorts): Promise<number | undefined> {
  const told = bigqueryNow(answer);
  if (told.kind === 'now') {
    noteAgreement(answer.receivedAtMs, ports);
    return told.nowMs;
  }
  forgetAgreement(ports);
  const now = ports.clock.now();
  if (told.kind === 'skewed') {
    ports.log.error('clock skewed, nothing is done', { skewMs: told.skewMs });
    await tellAlerts([clockSkewed(ports.verb, told.skewMs, now)], ports);
  } else {
    ports.log.error('answer without a date, nothing is done');
    await tellAlerts([clockUntold(ports.verb, now)], ports);
  }
  return undefined;
}
