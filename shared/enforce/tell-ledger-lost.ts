import { ledgerLost } from '../alert/system-alert.ts';
import type { FileLoss } from '../ledger/file-identity.ts';
import { publishRows, tellAlerts, toRow } from './outbox.ts';
import type { EnforcePorts } from './ports.ts';

type LossPorts = Pick<EnforcePorts, 'clock' | 'ledger' | 'publisher' | 'log' | 'verb'>;

/** People are told that the ledger was lost: by way of the new one, or past the one that can be used no more. */
export async function tellLedgerLost(place: string, loss: FileLoss, ports: LossPorts): Promise<void> {
  const { clock, log, verb } = ports;
  log.error('ledger lost while it was in use', { place, loss });
  const alert = ledgerLost(verb, place, loss, clock.now());
  try {
    await tellAlerts([alert], ports);
  } catch (error) {
    log.warning('the loss of the ledger could not be stored, only published', { error });
    await publishRows([toRow(alert)], ports);
  }
}
