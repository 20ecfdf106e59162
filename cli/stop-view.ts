import type { Stop } from '../shared/ledger/ledger.ts';
import { oneLine } from './one-line.ts';

export function stopToJson({ atMs, by, reason }: Stop) {
  return { since: new Date(atMs).toISOString(), by, ...(reason !== undefined && { reason }) };
}

/** "since 2026-11-24T08:00:00.000Z by ada (wrong policy)" */
export function printSince(stop: Stop): string {
  const { since, by, reason } = stopToJson(stop);
  return oneLine(`since ${since} by ${by}${reason === undefined ? '' : ` (${reason})`}`);
}

/** Where a person looks for what is done: that nothing is. */
export function printStopped(stop: Stop): string {
  return `STOPPED ${printSince(stop)}: everything is only observed, until somebody runs: bq-watchdog resume`;
}
