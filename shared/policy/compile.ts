import { LIST_PRICES, type PriceTable, withOwnPrices } from '../cost/price-table.ts';
import { canonicalLocation } from '../job/job-name.ts';
import { ALL_LIMITS } from '../limits/all-limits.ts';
import { bindLimit } from '../limits/limit.ts';
import { compileRule } from './compile-rule.ts';
import { compileGlob, type Glob, type GlobOptions } from './glob.ts';
import type { BreakerEntry, LimitEntry, PolicyEntry, PolicyFile, SelectorEntry } from './policy.schema.ts';
import type { BreakerSettings, CancelPolicy, LimitAmount, Mode, RetryPolicy, Selector } from './policy.ts';
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

function compileSelector(entry: SelectorEntry): Selector {
  const {
    projects,
    principals,
    locations,
    labels,
    reservations,
    referencedTables,
    destinationTables,
    ...words
  } = entry;
  return {
    ...words,
    ...(projects && { projects: globs(projects) }),
    ...(locations && { locations: locations.map(canonicalLocation) }),
    ...(principals && { principals: globs(principals, { ignoreCase: true }) }),
    ...(labels && { labels: new Map([...labels].map(([key, value]) => [key, compileGlob(value)])) }),
    ...(reservations && { reservations: globs(reservations) }),
    ...(referencedTables && { referencedTables: globs(referencedTables) }),
    ...(destinationTables && { destinationTables: globs(destinationTables) }),
  };
}

function globs(texts: readonly string[], options?: GlobOptions): readonly Glob[] {
  return texts.map((text) => compileGlob(text, options));
}
