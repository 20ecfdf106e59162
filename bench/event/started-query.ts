import { Simulator } from '../../simulator/simulator.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { seeded } from '../../test/simulator/playground.ts';
import { pushBody } from '../../test/watchdog.ts';

export const PROJECT = 'shop-prod';

/** A query as people write them: about a thousand characters. */
const QUERY = `WITH orders AS (SELECT order_id, customer_id, sku, amount, ordered_at FROM \`shop-prod.sales.orders\`
WHERE ordered_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 30 DAY))
${Array.from({ length: 12 }, (_, month) => `SELECT sku, SUM(amount) AS total FROM orders WHERE month = ${month}`).join('\nUNION ALL\n')}
ORDER BY total DESC`;

/**
 * The body of the push request that tells of a query that has just begun, in the newer audit format, as the
 * simulator logs it. No policy's limit is near, so it is judged and nothing is asked of BigQuery.
 */
export async function startedQuery(createdAtMs: number): Promise<string> {
  const clock = new VirtualClock(createdAtMs);
  const simulator = new Simulator({ clock, random: seeded(7) });
  const entries: unknown[] = [];
  simulator.onEntry((entry) => entries.push(entry));
  const principal = 'team-4-ana@example.com';
  const labels = { team: 'team-6', cost_center: 'sales' };
  simulator.start({ projectId: PROJECT, principal, createdAtMs, labels, query: QUERY, runMs: 60_000 });
  await clock.advanceBy(1);
  return JSON.stringify(pushBody(entries[0]));
}
