import { cancelEntry, deletionEntry, endEntry, insertionEntry } from './audit-entry.ts';
import { AuditTimers } from './audit-timers.ts';
import type { SimulatorClock } from './clock.ts';
import { endingOf, existsAt, lifeAt } from './job-life.ts';
import type { JobRecord } from './job-record.ts';
import type { JobStore } from './job-store.ts';
import type { LogEntry } from './log-entry.ts';
import {
  olderCancelEntry,
  olderEndEntry,
  olderInsertionEntry,
  olderResultsEntry,
} from './older-audit-entry.ts';

export type EntryListener = (entry: LogEntry) => void;

/** The format of the entries: BigQueryAuditMetadata, AuditData, or each happening in both, the newer first. */
export type AuditFormats = 'newer' | 'older' | 'both';

export interface ListenerOptions {
  /** Default: the simulator's. */
  readonly formats?: AuditFormats;
}

/** One happening in both formats; undefined where a format has no entry for it. */
interface Told {
  readonly newer?: () => LogEntry;
  readonly older?: () => LogEntry | undefined;
}

/**
 * Tells listeners what BigQuery logs, at the moment it happens. Without listeners it does nothing, and time
 * costs nothing. A job is logged when it is created and when it is DONE; nothing in between.
 */
export class AuditLog {
  readonly #clock: SimulatorClock;
  readonly #store: JobStore;
  readonly #timers: AuditTimers;
  readonly #formats: AuditFormats;
  readonly #listeners = new Set<{ listener: EntryListener; formats: AuditFormats }>();
  readonly #inserted = new WeakSet<JobRecord>();
  readonly #ended = new WeakSet<JobRecord>();

  constructor(clock: SimulatorClock, store: JobStore, formats: AuditFormats) {
    this.#clock = clock;
    this.#store = store;
    this.#timers = new AuditTimers(clock);
    this.#formats = formats;
  }

  /** What happened before the first listener came is not told; what goes on is. */
  onEntry(listener: EntryListener, options: ListenerOptions): () => void {
    if (this.#listeners.size === 0) for (const record of this.#store.everything()) this.#watch(record);
    const subscription = { listener, formats: options.formats ?? this.#formats };
    this.#listeners.add(subscription);
    return () => {
      this.#listeners.delete(subscription);
    };
  }

  added(record: JobRecord): void {
    if (this.#listeners.size === 0) return;
    const nowMs = this.#clock.now();
    if (record.creationTimeMs >= nowMs || record.given !== undefined) this.#watch(record);
    else this.#watchEnd(record);
    if (record.creationTimeMs === nowMs) this.#tellInsertion(record);
  }

  cancelled(record: JobRecord, by: string): void {
    const nowMs = this.#clock.now();
    this.#tell(record, {
      newer: () => cancelEntry(record, nowMs, by),
      older: () => olderCancelEntry(record, nowMs, by),
    });
    if (this.#listeners.size === 0) return;
    this.#watchEnd(record);
    for (const child of record.children) this.#watchEnd(child);
  }

  deleted(record: JobRecord, by: string): void {
    this.#tell(record, { newer: () => deletionEntry(record, this.#clock.now(), by) });
  }

  /** Only the older format logs it. */
  resultsRead(record: JobRecord, by: string): void {
    this.#tell(record, { older: () => olderResultsEntry(record, this.#clock.now(), by) });
  }

  #watch(record: JobRecord): void {
    const nowMs = this.#clock.now();
    if (record.creationTimeMs > nowMs && record.given === undefined) {
      this.#timers.at(record.creationTimeMs, () => this.#tellInsertion(record));
    }
    this.#watchEnd(record);
  }

  #watchEnd(record: JobRecord): void {
    const nowMs = this.#clock.now();
    const { atMs, forced } = endingOf(record);
    if (record.given !== undefined && !forced) return;
    if (atMs < nowMs || this.#ended.has(record)) return;
    this.#timers.at(atMs, () => this.#tellEnd(record));
  }

  #tellInsertion(record: JobRecord): void {
    const nowMs = this.#clock.now();
    if (this.#inserted.has(record) || !existsAt(record, nowMs)) return;
    this.#inserted.add(record);
    this.#tell(record, {
      newer: () => insertionEntry(record, nowMs),
      older: () => olderInsertionEntry(record, nowMs),
    });
  }

  /** A cancel may have moved the end since the timer was set; then there is a timer for the new one too. */
  #tellEnd(record: JobRecord): void {
    const nowMs = this.#clock.now();
    if (this.#ended.has(record) || !existsAt(record, nowMs)) return;
    if (lifeAt(record, nowMs).state !== 'DONE') return;
    this.#ended.add(record);
    this.#tell(record, {
      newer: () => endEntry(record, nowMs),
      older: () => olderEndEntry(record, nowMs),
    });
  }

  #tell(record: JobRecord, told: Told): void {
    if (!record.emitEntries || this.#listeners.size === 0) return;
    for (const format of ['newer', 'older'] as const) {
      const listeners = [...this.#listeners].filter(
        ({ formats }) => formats === format || formats === 'both',
      );
      const entry = listeners.length === 0 ? undefined : told[format]?.();
      if (entry === undefined) continue;
      for (const { listener } of listeners) listener(entry);
    }
  }
}
