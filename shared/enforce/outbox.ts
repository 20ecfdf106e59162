import type { Alert } from '../alert/alert.schema.ts';
import type { AlertRow } from '../ledger/ledger.ts';
import type { EnforcePorts } from './ports.ts';

type OutboxPorts = Pick<EnforcePorts, 'clock' | 'ledger' | 'publisher' | 'log'>;

/** Acts must not wait for a transport that hangs: a row not published by then is left to a tick. */
const PUBLISH_WITHIN_MS = 10_000;

/** How many unpublished rows a tick takes at once. */
const PAGE = 100;

export function toRow(alert: Alert): AlertRow {
  return { ceId: alert.id, event: alert };
}

/** Stores alerts that are not there yet, then publishes the new ones. */
export async function tellAlerts(alerts: readonly Alert[], ports: OutboxPorts): Promise<void> {
  if (alerts.length === 0) return;
  const rows = alerts.map(toRow);
  const fresh = new Set(await ports.ledger.addAlerts(rows));
  await publishRows(
    // Each once, though many jobs of one sweep may have the same to tell.
    rows.filter((row) => fresh.delete(row.ceId)),
    ports,
  );
}

/**
 * Publishes rows that are committed, and marks them. A row that cannot be published or marked stays
 * unmarked, and a tick publishes it again under the same `ce-id`: delivery is at least once.
 * Returns how many are still unmarked.
 */
export async function publishRows(rows: readonly AlertRow[], ports: OutboxPorts): Promise<number> {
  const results = await Promise.all(rows.map((row) => publishRow(row, ports)));
  return results.filter((published) => !published).length;
}

async function publishRow(row: AlertRow, ports: OutboxPorts): Promise<boolean> {
  const { ledger, log } = ports;
  try {
    await publishInTime(row, ports);
    await ledger.markPublished(row.ceId);
    return true;
  } catch (error) {
    log.warning('alert not published, the next tick tries again', { ceId: row.ceId, error });
    return false;
  }
}

async function publishInTime(row: AlertRow, { publisher, clock }: OutboxPorts): Promise<void> {
  const published = new AbortController();
  const late = clock.sleep(PUBLISH_WITHIN_MS, published.signal).then(() => {
    throw new PublishTimeoutError(row.ceId);
  });
  try {
    await Promise.race([publisher.publish(row.event), late]);
  } finally {
    late.catch(() => undefined);
    published.abort();
  }
}

/** The transport did not answer in time. The alert may have been delivered; its `ce-id` tells doubles. */
export class PublishTimeoutError extends Error {
  override readonly name = 'PublishTimeoutError';

  constructor(ceId: string) {
    super(`alert ${ceId} was not published within ${PUBLISH_WITHIN_MS / 1_000} s; check the alerts topic`);
  }
}

/**
 * Publishes what earlier attempts left behind, page by page, until a page makes no progress.
 *
 * @returns an `UnreadableDocumentError` for each alert that cannot be read
 */
export async function publishUnmarked(ports: OutboxPorts): Promise<readonly Error[]> {
  for (;;) {
    const { alerts, unreadable } = await ports.ledger.unpublishedAlerts(PAGE);
    const left = await publishRows(alerts, ports);
    if (left > 0 || alerts.length < PAGE) return unreadable;
  }
}
