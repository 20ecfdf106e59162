import type { ScriptedType } from '../../simulator/job-script.ts';

/** What the world wrote into the owner's file, in the world's own words. The oracle reads this, never the YAML. */
export interface FileDescription {
  readonly mode: 'enforce' | 'observe';
  readonly breaker?: BreakerDescription;
  readonly pricing?: PricingDescription;
  readonly policies: readonly PolicyDescription[];
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

export interface SelectorDescription {
  readonly projects?: readonly string[];
  readonly locations?: readonly string[];
  readonly principals?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly jobTypes?: readonly ScriptedType[];
  readonly priority?: 'INTERACTIVE' | 'BATCH';
  readonly statementTypes?: readonly string[];
  readonly reservations?: readonly string[];
  readonly editions?: readonly string[];
  readonly referencedTables?: readonly string[];
  readonly destinationTables?: readonly string[];
  readonly continuous?: true;
  readonly dryRun?: true;
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

export interface BreakerDescription {
  readonly acts: number;
  readonly perMs: number;
  readonly sharePercent: number;
}

/** The description as an owner would write it. (JSON is YAML; units are written out.) */
export function writtenPolicy(file: FileDescription): string {
  const lines = file.policies.map((policy) => `  - ${JSON.stringify(writtenEntry(policy))}`);
  const breaker =
    file.breaker === undefined ? '' : `breaker: ${JSON.stringify(writtenBreaker(file.breaker))}\n`;
  const pricing = file.pricing === undefined ? '' : `pricing: ${JSON.stringify(file.pricing)}\n`;
  return `version: 1\nmode: ${file.mode}\n${breaker}${pricing}policies:\n${lines.join('\n')}\n`;
}

function writtenEntry(policy: PolicyDescription): Record<string, unknown> {
  const { name, mode, action, match, except, limits, byEstimate, warnAtPercent, breaker } = policy;
  const limit = {
    ...Object.fromEntries(Object.entries(limits).map(([key, value]) => [key, writtenAmount(key, value)])),
    ...(byEstimate && { basis: 'estimate' }),
    ...(warnAtPercent !== undefined && { warnAt: `${warnAtPercent}%` }),
  };
  return {
    name,
    ...(mode && { mode }),
    ...(Object.keys(match).length > 0 && { match }),
    ...(except.length > 0 && { except }),
    ...(Object.keys(limit).length > 0 && { limit }),
    action,
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
