import type { ScriptedType } from '../../simulator/job-script.ts';

// What policies of all verbs have, in the world's own words.

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

export interface BreakerDescription {
  readonly acts: number;
  readonly perMs: number;
  readonly sharePercent: number;
}
