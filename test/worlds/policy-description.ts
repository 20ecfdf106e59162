import { type PurgeDescription, writtenPurge } from './purge-description.ts';
import { type RetryDescription, writtenRetry } from './retry-description.ts';
import type { BreakerDescription, SelectorDescription } from './selector-description.ts';

/** What the world wrote into the owner's file, in the world's own words. The oracle reads this, never the YAML. */
export interface FileDescription {
  readonly mode: 'enforce' | 'observe';
  readonly breaker?: BreakerDescription;
  readonly pricing?: PricingDescription;
  readonly policies: readonly PolicyDescription[];
  /** They stand behind the others in the file; absent where nothing is to be run again. */
  readonly retries?: readonly RetryDescription[];
  /** The same for what is to be purged. */
  readonly purges?: readonly PurgeDescription[];
}

/** What the owner pays, by location in any case, where that is not the list price. */
export type PricingDescription = Readonly<Record<string, PricesDescription>>;

export interface PricesDescription {
  readonly usdPerTiB?: number;
  readonly usdPerSlotHour?: Readonly<Record<string, number>>;
}

export interface PolicyDescription {
  readonly name: string;
  readonly mode?: 'enforce' | 'observe';
  readonly action: 'alert' | 'cancel';
  readonly match: SelectorDescription;
  readonly except: readonly SelectorDescription[];
  readonly limits: LimitsDescription;
  /** `basis: estimate` */
  readonly byEstimate?: true;
  readonly warnAtPercent?: number;
  readonly breaker?: BreakerDescription;
}

/** Milliseconds, bytes, slots and US dollars. */
export interface LimitsDescription {
  readonly runtime?: number;
  readonly pending?: number;
  readonly slotTime?: number;
  readonly averageSlots?: number;
  readonly estimatedBytes?: number;
  readonly processedBytes?: number;
  readonly cost?: number;
  readonly projectedCost?: number;
}

/** The description as an owner would write it. (JSON is YAML; units are written out.) */
export function writtenPolicy(file: FileDescription): string {
  const entries = [
    ...file.policies.map(writtenEntry),
    ...(file.retries ?? []).map(writtenRetryEntry),
    ...(file.purges ?? []).map((policy) => entryOf(policy, writtenPurge(policy))),
  ];
  const lines = entries.map((entry) => `  - ${JSON.stringify(entry)}`);
  const breaker =
    file.breaker === undefined ? '' : `breaker: ${JSON.stringify(writtenBreaker(file.breaker))}\n`;
  const pricing = file.pricing === undefined ? '' : `pricing: ${JSON.stringify(file.pricing)}\n`;
  return `version: 1\nmode: ${file.mode}\n${breaker}${pricing}policies:\n${lines.join('\n')}\n`;
}

function writtenEntry(policy: PolicyDescription): Record<string, unknown> {
  const { action, limits, byEstimate, warnAtPercent } = policy;
  const limit = {
    ...Object.fromEntries(Object.entries(limits).map(([key, value]) => [key, writtenAmount(key, value)])),
    ...(byEstimate && { basis: 'estimate' }),
    ...(warnAtPercent !== undefined && { warnAt: `${warnAtPercent}%` }),
  };
  return entryOf(policy, { ...(Object.keys(limit).length > 0 && { limit }), action });
}

function writtenRetryEntry(policy: RetryDescription): Record<string, unknown> {
  return entryOf(policy, { retry: writtenRetry(policy) });
}

/** What policies of all verbs have, around what only one of them has. */
function entryOf(
  { name, mode, match, except, breaker }: PolicyDescription | RetryDescription | PurgeDescription,
  own: object,
): Record<string, unknown> {
  return {
    name,
    ...(mode && { mode }),
    ...(Object.keys(match).length > 0 && { match }),
    ...(except.length > 0 && { except }),
    ...own,
    ...(breaker && { breaker: writtenBreaker(breaker) }),
  };
}

function writtenAmount(key: string, value: number): string {
  if (key === 'estimatedBytes' || key === 'processedBytes') return `${value} B`;
  if (key === 'averageSlots') return `${value} slots`;
  if (key === 'cost' || key === 'projectedCost') return `${value} USD`;
  return value % 1_000 === 0 ? `${value / 1_000}s` : `${value}ms`;
}

function writtenBreaker({ acts, perMs, sharePercent }: BreakerDescription): Record<string, unknown> {
  return { acts, per: `${perMs / 1_000}s`, share: `${sharePercent}%` };
}
