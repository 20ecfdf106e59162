import { EDITIONS } from '../cost/price-table.ts';
import { shapeOfList } from './file-shape.ts';
import type { Path } from './located.ts';
import {
  BreakerEntry,
  LimitEntry,
  LocationPricesEntry,
  PolicyEntry,
  PolicyFile,
  SelectorEntry,
} from './policy.schema.ts';
import { HistoryEntry, PurgeEntry, SensitiveEntry } from './purge.schema.ts';
import { BackoffEntry, CapsEntry, GuardsEntry, RetryEntry } from './retry.schema.ts';

/** Maps of the policy file, by the key under which they stand. */
const MAPS: ReadonlyMap<string, { readonly shape: object }> = new Map<string, { readonly shape: object }>([
  ['match', SelectorEntry],
  ['except', SelectorEntry],
  ['limit', LimitEntry],
  ['breaker', BreakerEntry],
  ['retry', RetryEntry],
  ['backoff', BackoffEntry],
  ['guards', GuardsEntry],
  ['caps', CapsEntry],
  ['sensitive', SensitiveEntry],
  ['purge', PurgeEntry],
  ['history', HistoryEntry],
]);

export const POLICY_FILE = shapeOfList({ list: 'policies', item: 'policy', nameKey: 'name', keysOf });

function keysOf(path: Path): readonly string[] {
  if (path[0] === 'pricing')
    return path.at(-1) === 'usdPerSlotHour' ? EDITIONS : Object.keys(LocationPricesEntry.shape);
  const key = path.findLast((step) => typeof step === 'string');
  if (key === undefined) return Object.keys(PolicyFile.shape);
  return Object.keys((MAPS.get(key) ?? PolicyEntry).shape);
}
