import type { Verb } from '../../shared/ledger/verb.schema.ts';
import type { BigQuery } from './bigquery.ts';
import type { Counts } from './counts.ts';
import type { HoldsVersion } from './holds-description.ts';
import type { FileVersion, Rates } from './plan.ts';
import type { Random } from './random.ts';

/** What the ports of an instance need of the world around them. */
export interface Scene {
  readonly random: Random;
  readonly counts: Counts;
  readonly bigquery: BigQuery;
  rates(): Rates;
  isLedgerOut(): boolean;
  fileNow(): FileVersion;
  readFile(instance: string, version: FileVersion | undefined): void;
  holdsNow(): HoldsVersion | undefined;
  readHolds(instance: string, version: HoldsVersion | undefined): void;
  /** How much longer than another call a page of a list takes. */
  turnPage(): Promise<void>;
  /** A sweep message, as a function that ran out of time sends it. */
  askSweep(verb: Verb, projectId: string): void;
  published(instance: string, event: Readonly<Record<string, unknown>>): void;
}
