import { LIST_PRICES, type PriceTable, withOwnPrices } from '../cost/price-table.ts';
import { ALL_LIMITS } from '../limits/all-limits.ts';
import { bindLimit } from '../limits/limit.ts';
import { compilePurgeRule } from './compile-purge.ts';
import { compileRule } from './compile-rule.ts';
import { compileSelector } from './compile-selector.ts';
import type { BreakerEntry, LimitEntry, PolicyEntry, PolicyFile } from './policy.schema.ts';
import type { BreakerSettings, CancelPolicy, LimitAmount, Mode, PurgePolicy, RetryPolicy } from './policy.ts';
import type { PurgeEntry, SensitiveEntry } from './purge.schema.ts';
import type { RetryEntry } from './retry.schema.ts';

/** What holds for policies that do not say otherwise. */
export interface Defaults {
  readonly mode: Mode;
  readonly breaker: BreakerSettings;
  readonly prices: PriceTable;
}

/** Design section 6: without `mode` nothing is touched; without `breaker`, 50 acts per hour and a fifth. */
const BREAKER: BreakerSettings = { acts: 50, perMs: 3_600_000, share: 0.2 };

export function compileDefaults(file: Pick<PolicyFile, 'mode' | 'breaker' | 'pricing'>): Defaults {
  return {
    mode: file.mode ?? 'observe',
    breaker: compileBreaker(file.breaker, BREAKER),
    prices: file.pricing === undefined ? LIST_PRICES : withOwnPrices(Object.entries(file.pricing)),
  };
}

/**
 * A policy's own keys go before the file's, key by key.
 *
 * @param limitKeys the keys under `limit` in the order of the file, which the schema does not keep
 */
export function compilePolicy(
  entry: PolicyEntry,
  action: CancelPolicy['action'],
  limitKeys: Iterable<string>,
  defaults: Defaults,
): CancelPolicy {
  const warnAt = entry.limit?.warnAt;
  return {
    ...compileScope(entry, defaults),
    action,
    limits: compileLimits(entry.limit ?? {}, limitKeys, defaults.prices),
    ...(warnAt !== undefined && { warnAt }),
  };
}

export function compileRetryPolicy(entry: PolicyEntry, retry: RetryEntry, defaults: Defaults): RetryPolicy {
  return { ...compileScope(entry, defaults), rule: compileRule(retry) };
}

export function compilePurgePolicy(
  entry: PolicyEntry,
  sensitive: SensitiveEntry,
  purge: PurgeEntry,
  defaults: Defaults,
): PurgePolicy {
  return { ...compileScope(entry, defaults), rule: compilePurgeRule(sensitive, purge) };
}

/** What policies of every verb have. */
function compileScope(entry: PolicyEntry, defaults: Defaults) {
  return {
    name: entry.name,
    mode: entry.mode ?? defaults.mode,
    match: compileSelector(entry.match ?? {}),
    excepts: (entry.except ?? []).map(compileSelector),
    breaker: compileBreaker(entry.breaker, defaults.breaker),
  };
}

/** In the order in which they are written: of several that are crossed the first is told. */
function compileLimits(
  entry: LimitEntry,
  keys: Iterable<string>,
  prices: PriceTable,
): readonly LimitAmount[] {
  const terms = { prices, byEstimate: entry.basis === 'estimate' };
  const amounts = new Map<string, unknown>(Object.entries(entry));
  return [...keys].flatMap((key) => {
    const limit = ALL_LIMITS.find((candidate) => candidate.key === key);
    const amount = amounts.get(key);
    return limit !== undefined && typeof amount === 'number'
      ? [{ limit: bindLimit(limit, terms), amount }]
      : [];
  });
}

/** A policy's own keys, over those of the file. */
export function compileBreaker(entry: BreakerEntry = {}, base: BreakerSettings): BreakerSettings {
  return { acts: entry.acts ?? base.acts, perMs: entry.per ?? base.perMs, share: entry.share ?? base.share };
}
