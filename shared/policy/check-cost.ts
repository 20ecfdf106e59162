import { LIST_PRICES, pricesIn } from '../cost/price-table.ts';
import { canonicalLocation } from '../job/job-name.ts';
import { ALL_LIMITS } from '../limits/all-limits.ts';
import type { CheckedPolicy } from './checked-policy.ts';
import { keyPlace, placeOf } from './located.ts';

/** Limits in money: whether they can do what their owner is likely to mean. */
export function checkCost(policy: CheckedPolicy): void {
  checkAlertOnly(policy);
  checkBasis(policy);
  checkPrices(policy);
}

/** A projection is a guess: people are told, and nothing is cancelled by it. */
function checkAlertOnly({ entry, root, path, faults }: CheckedPolicy): void {
  if (entry.action !== 'cancel') return;
  for (const { key, alertOnly } of ALL_LIMITS) {
    if (alertOnly === undefined || entry.limit === undefined || !(key in entry.limit)) continue;
    const message = `policy "${entry.name}" would cancel by "limit.${key}": ${alertOnly}`;
    faults.fault(keyPlace(root, [...path, 'limit'], key), message, { allowed: 'action: alert' });
  }
}

/** A `cost` without `basis` meets no query on demand, which is easily overlooked (design, rule 7). */
function checkBasis({ entry, root, path, faults, isSure }: CheckedPolicy): void {
  const { limit, match } = entry;
  if (limit === undefined) return;
  if (limit.basis !== undefined && !('cost' in limit) && isSure('limit')) {
    const message = `policy "${entry.name}" has a "basis" without the "cost" that it is the basis of`;
    faults.fault(keyPlace(root, [...path, 'limit'], 'basis'), message, {
      allowed: 'cost: 50 USD, basis: estimate',
    });
  }
  const meetsOnDemand = match?.reservations === undefined && match?.editions === undefined;
  const meetsQueries = match?.jobTypes === undefined || match.jobTypes.includes('QUERY');
  if (!('cost' in limit) || limit.basis !== undefined || !isSure('limit', 'basis')) return;
  if (!meetsOnDemand || !meetsQueries || !isSure('match')) return;
  const message = `policy "${entry.name}" never crosses "limit.cost" for a query on demand, whose cost is known only when it has ended: add "basis: estimate", or match the reservations or editions that are meant`;
  faults.warning(keyPlace(root, [...path, 'limit'], 'cost'), message);
}

/**
 * Where prices are known only for some locations and policies leave open which they mean, people take a limit in
 * money for one that holds everywhere. Told once a file; who gives `pricing` knows that prices go by location.
 */
export function checkPricedLocations(policies: readonly CheckedPolicy[]): void {
  const open = policies.filter(
    ({ entry, aside, isSure }) =>
      !aside && entry.match?.locations === undefined && isSure('match', 'locations'),
  );
  const priced = open.flatMap((policy) => {
    const { key } = moneyLimit(policy) ?? {};
    return key === undefined ? [] : [{ ...policy, key }];
  });
  const [first] = priced;
  if (first === undefined) return;
  const names = priced.map(({ entry }) => `"${entry.name}"`).join(', ');
  const which = priced.length === 1 ? `policy ${names} limits` : `policies ${names} limit`;
  const known = [...LIST_PRICES.keys()].map(canonicalLocation).join(', ');
  const message = `${which} cost everywhere, and prices are known for ${known} only: a job elsewhere never crosses it; give your prices under "pricing", or name "locations"`;
  first.faults.warning(keyPlace(first.root, [...first.path, 'limit'], first.key), message);
}

function moneyLimit({ entry: { limit } }: CheckedPolicy): { readonly key: string } | undefined {
  return limit && ALL_LIMITS.find(({ key, unit }) => unit === 'usd' && key in limit);
}

/** What has no price is unknown, and a limit in money never fires on it. */
function checkPrices(policy: CheckedPolicy): void {
  const { entry, root, path, faults, prices } = policy;
  const { match } = entry;
  if (moneyLimit(policy) === undefined) return;
  for (const [index, location] of (match?.locations ?? []).entries()) {
    if (pricesIn(prices, canonicalLocation(location)) !== undefined) continue;
    const message = `policy "${entry.name}" limits cost in ${location}, whose prices are not known: nothing there crosses it; give them under "pricing"`;
    faults.warning(placeOf(root, [...path, 'match', 'locations', index]), message, { value: location });
  }
}
