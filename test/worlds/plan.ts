import type { Permission, Withheld } from '../../simulator/access.ts';
import type { AuditFormats } from '../../simulator/audit-log.ts';
import type { JobScript } from '../../simulator/job-script.ts';
import type { QuotaSettings } from '../../simulator/quotas.ts';
import type { InsertedLife } from '../../simulator/state.ts';
import type { HoldsVersion } from './holds-description.ts';
import type { Planted } from './planted.ts';
import type { FileDescription } from './policy-description.ts';

/** Everything about a world that is drawn before it begins. */
export interface WorldPlan {
  readonly seed: number;
  readonly startMs: number;
  readonly projects: readonly string[];
  readonly tickMs: number;
  readonly timeoutMs: number;
  /** Ticks until the faults stop. */
  readonly stormyTicks: number;
  /** How many instances may live at once. */
  readonly instances: number;
  readonly dryRun: boolean;
  /** Whether an unfinished sweep has a topic to be continued by. */
  readonly sweepTopics: boolean;
  readonly auditFormats: AuditFormats;
  /** How long the pages of lists are at most, also when the storm is over. */
  readonly jobsPerPage: number;
  /** What makes lists of several pages hard, and quotas: until the storm is over. */
  readonly pagesShift: boolean;
  readonly pageTokenLifetimeMs: number;
  /** How much longer than other calls a page takes: a sweep may come near its deadline. */
  readonly slowPageMs: number;
  readonly quotas: QuotaSettings;
  readonly jobs: readonly JobScript[];
  /** The owner's file: what it holds from when on. The first from before the start. */
  readonly files: readonly FileVersion[];
  readonly rates: Rates;
  readonly happenings: readonly Happening[];
  /** Absent where the function `retry` is not deployed. */
  readonly retry?: RetryPlan;
  /** Absent where the function `purge` is not deployed. */
  readonly purge?: PurgePlan;
}

export interface PurgePlan {
  /** How many instances of the function `purge` may live at once. */
  readonly instances: number;
  readonly planted: Planted;
  /** The holds file: what it holds from when on. Absent where the owner names none. */
  readonly holds?: readonly HoldsVersion[];
  /** Whether nobody mends a holds file that is broken when the storm ends. */
  readonly holdsStayBroken: boolean;
}

export interface RetryPlan {
  /** How many instances of the function `retry` may live at once. */
  readonly instances: number;
  /** The lives of the attempts, from the first on, by the name of the job that failed by itself. */
  readonly fates: Readonly<Record<string, readonly InsertedLife[]>>;
}

/** `description` is absent where the text is no policy file. */
export interface FileVersion {
  readonly fromMs: number;
  readonly text: string;
  readonly description?: FileDescription;
}

/** Probabilities, each per call or per message. All zero in a calm world, and after the storm. */
export interface Rates {
  readonly apiFault: number;
  /** Of an insert, and of the token for it; the greater one of this and the usual rate. */
  readonly insertFault: number;
  /** Of a delete; the greater one of this and the usual rate. */
  readonly deleteFault: number;
  readonly ledgerFault: number;
  readonly publisherFault: number;
  readonly fileFault: number;
  readonly eventLost: number;
  readonly messageDoubled: number;
  readonly messageLate: number;
  readonly forged: number;
  /** Per port call. */
  readonly crash: number;
  readonly freeze: number;
  /** How long one call of a port usually takes at most. */
  readonly latencyMs: number;
}

export type Happening = { readonly atMs: number } & (
  | { readonly kind: 'ledger-lost' }
  | { readonly kind: 'ledger-out'; readonly forMs: number }
  | { readonly kind: 'clock-set'; readonly slot: number; readonly offsetMs: number }
  | { readonly kind: 'breakers-reset' }
  | { readonly kind: 'person-cancels' }
  /** Somebody deletes the metadata of a job that succeeded. */
  | { readonly kind: 'person-deletes' }
  | { readonly kind: 'garbage' }
  /** Somebody stops everything, and lets it go on after so long, or never. */
  | { readonly kind: 'person-stops'; readonly forMs: number }
  | { readonly kind: 'withheld'; readonly withheld: WithheldPermissions }
  | { readonly kind: 'ungranted'; readonly ungranted: Ungranted; readonly forGood: boolean }
  | { readonly kind: 'lists'; readonly stalenessMs: number; readonly unreachable: readonly string[] }
);

/** What the watchdog may not do in one project from some moment on: until the storm is over, or for good. */
export interface WithheldPermissions {
  readonly projectId: string;
  readonly permissions: [Permission, ...Permission[]];
  readonly forGood: boolean;
}

/** What retries need and nobody granted, or an account that is no more. */
export type Ungranted = Withheld | { readonly missingAccount: string };

/** The name of a job that is drawn with an id. */
export function subjectOf({ projectId, location = 'US', jobId = '' }: JobScript): string {
  return `${projectId}:${location}.${jobId}`;
}
