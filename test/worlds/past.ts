import type { JobTruth } from '../../simulator/truth.ts';
import type { ClaimRow } from './claim-row.ts';
import type { FileVersion, WorldPlan } from './plan.ts';
import type { Delivery, Sent } from './pubsub.ts';
import { PurgePast } from './purge-past.ts';
import { RetryPast } from './retry-past.ts';

/** One instance's `jobs.get` that was answered well, with what was true then. */
export interface Look {
  readonly atMs: number;
  readonly instance: string;
  readonly job: string;
  readonly truth: JobTruth;
}

/** One instance's reading of the owner's file; `version` is absent where reading failed. */
export interface FileRead {
  readonly atMs: number;
  readonly instance: string;
  readonly version?: FileVersion;
}

/** A cancel that reached BigQuery. */
export interface Cancel {
  readonly atMs: number;
  readonly instance: string;
  readonly job: string;
  /** Just before it came. */
  readonly truth: JobTruth;
  /** The claim as it stood then; absent where there is none. */
  readonly claim?: ClaimRow;
}

export interface Published {
  readonly atMs: number;
  readonly instance: string;
  readonly event: Readonly<Record<string, unknown>>;
}

export interface SlotTaken {
  readonly atMs: number;
  readonly by: string;
  /** By the world's clock. */
  readonly expiresAtMs: number;
  readonly key: string;
  readonly policy: string;
  readonly claimKey: string;
  /** When the instance that took it had won that claim; absent when it had not. */
  readonly wonAtMs?: number;
  freedAtMs?: number;
}

export interface Trip {
  readonly atMs: number;
  readonly key: string;
  readonly delivery?: Delivery;
  readonly policy: string;
  readonly why: string;
  resetAtMs?: number;
}

export interface DeadLetterRow {
  readonly messageId?: string;
  readonly fault: string;
}

/** `kind`: whether it was taken or given back. `createdUpToMs`: the position in it, if there is one. */
export interface LeaseWrite {
  readonly kind: 'taken' | 'given back';
  readonly key: string;
  readonly createdUpToMs?: number;
}

/** Everything that happened so far, as the invariants ask for it. */
export class Past {
  readonly plan: WorldPlan;
  readonly looks = new Map<string, Look[]>();
  readonly reads = new Map<string, FileRead[]>();
  /** The text that a new instance found in the ledger as the last good one. */
  readonly bootTexts = new Map<string, string>();
  readonly cancels: Cancel[] = [];
  readonly claims = new Map<string, ClaimRow>();
  readonly published: Published[] = [];
  readonly slots: SlotTaken[] = [];
  readonly trips: Trip[] = [];
  readonly deadLetters: DeadLetterRow[] = [];
  /** When each instance last won each claim: by its own name and the claim's key. */
  readonly wins = new Map<string, number>();
  /** Jobs whose claim ever said that BigQuery is asked. */
  readonly askedEver = new Set<string>();
  /** When each instance last found a breaker closed: by its own name and the breaker's key. */
  readonly closedReads = new Map<string, number>();
  readonly sent: Sent[] = [];
  readonly lossesMs: number[] = [];
  /** The largest differences between an accepted clock and the world's. */
  readonly skews: number[] = [0];
  readonly frozen = new Set<string>();
  /** How many jobs each delivery was shown in lists; in calm worlds also which were guilty all along, by policy. */
  readonly listed = new Map<number, number>();
  readonly knownGuilty = new Map<number, Map<string, Set<string>>>();
  /** Deliveries whose sweep came to its end; those that were shown a list without some locations, and that said so. */
  readonly sweptTo = new Set<number>();
  readonly unreachable = new Set<number>();
  readonly saidUnreachable = new Set<number>();
  /** Deliveries whose sweep ran out of time, and those that asked for another to go on. */
  readonly unfinished = new Set<Delivery>();
  readonly continued = new Set<number>();
  /** What each delivery's sweep last wrote into its lease. */
  readonly leases = new Map<number, LeaseWrite>();
  /** The deliveries whose sweep went on with another's list, and with whose. */
  readonly goesOnFrom = new Map<number, number>();
  /** Sweeps that did not go on from where the ledger says that the one before stopped, and that left nothing. */
  readonly astray: string[] = [];
  /** Since when a person has stopped everything. */
  stoppedSinceMs: number | undefined;
  /** When each instance last found that nobody has. */
  readonly unstoppedReads = new Map<string, number>();
  readonly retries = new RetryPast();
  readonly purges = new PurgePast();

  constructor(plan: WorldPlan) {
    this.plan = plan;
  }

  /** What stood in the ledger is gone; what happened has happened. */
  loseLedger(atMs: number): void {
    this.lossesMs.push(atMs);
    this.claims.clear();
    this.retries.claims.clear();
    this.purges.claims.clear();
    this.slots.length = 0;
    this.trips.length = 0;
    this.deadLetters.length = 0;
    this.stoppedSinceMs = undefined;
  }

  /** Whether the watchdog may never again do its work in a project. Redacted lists are no hindrance. */
  isOutOfReach(projectId: string): boolean {
    return this.plan.happenings.some(
      (one) =>
        one.kind === 'withheld' &&
        one.withheld.forGood &&
        one.withheld.projectId === projectId &&
        !one.withheld.permissions.includes('bigquery.jobs.delete') &&
        (one.withheld.permissions.length > 1 || !one.withheld.permissions.includes('bigquery.jobs.listAll')),
    );
  }

  /** Whether nothing may ever again be purged in a project. */
  isOutOfReachOfPurge(projectId: string): boolean {
    return (
      this.isOutOfReach(projectId) ||
      this.plan.happenings.some(
        (one) =>
          one.kind === 'withheld' &&
          one.withheld.forGood &&
          one.withheld.projectId === projectId &&
          one.withheld.permissions.includes('bigquery.jobs.delete'),
      )
    );
  }

  /** How many jobs a delivery's sweep was shown, with those whose list it went on with. */
  listedInRound(delivery: number): number {
    let jobs = 0;
    for (let id: number | undefined = delivery; id !== undefined; id = this.goesOnFrom.get(id))
      jobs += this.listed.get(id) ?? 0;
    return jobs;
  }

  foundGood(instance: string, text: string): void {
    if (!this.bootTexts.has(instance)) this.bootTexts.set(instance, text);
  }

  looksAt(instance: string, job: string, fromMs: number, toMs: number): Look[] {
    return (this.looks.get(job) ?? []).filter(
      (look) => look.instance === instance && look.atMs >= fromMs && look.atMs <= toMs,
    );
  }

  readsBy(instance: string, fromMs: number, toMs: number): FileRead[] {
    return (this.reads.get(instance) ?? []).filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  }

  openTrip(policy: string): Trip | undefined {
    return this.trips.findLast((trip) => trip.policy === policy && trip.resetAtMs === undefined);
  }
}

export function jobOf({
  projectId,
  location,
  jobId,
}: {
  projectId: string;
  location?: string;
  jobId: string;
}): string {
  return `${projectId}:${location ?? '?'}.${jobId}`;
}
