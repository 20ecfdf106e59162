import type { ScriptedType } from '../../simulator/job-script.ts';

/** What the world wrote into the owner's file, in the world's own words. The oracle reads this, never the YAML. */
export interface FileDescription {
  readonly mode: 'enforce' | 'observe';
  readonly breaker?: BreakerDescription;
  readonly policies: readonly PolicyDescription[];
}

export interface PolicyDescription {
  readonly name: string;
  readonly mode?: 'enforce' | 'observe';
  readonly action: 'alert' | 'cancel';
  readonly match: SelectorDescription;
  readonly except: readonly SelectorDescription[];
  readonly limits: LimitsDescription;
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
  readonly continuous?: true;
  readonly dryRun?: true;
}

/** Milliseconds and bytes. */
export interface LimitsDescription {
  readonly runtime?: number;
  readonly pending?: number;
  readonly slotTime?: number;
  readonly estimatedBytes?: number;
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
  return `version: 1\nmode: ${file.mode}\n${breaker}policies:\n${lines.join('\n')}\n`;
}

function writtenEntry(policy: PolicyDescription): Record<string, unknown> {
  const { name, mode, action, match, except, limits, warnAtPercent, breaker } = policy;
  const limit = {
    ...Object.fromEntries(Object.entries(limits).map(([key, value]) => [key, writtenAmount(key, value)])),
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
  if (key === 'estimatedBytes') return `${value} B`;
  return value % 1_000 === 0 ? `${value / 1_000}s` : `${value}ms`;
}

function writtenBreaker({ acts, perMs, sharePercent }: BreakerDescription): Record<string, unknown> {
  return { acts, per: `${perMs / 1_000}s`, share: `${sharePercent}%` };
}
