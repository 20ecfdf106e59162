import { cancelEntry, deletionEntry, endEntry, insertionEntry, type LogEntry } from './audit-entry.ts';
import { AuditTimers } from './audit-timers.ts';
import type { SimulatorClock } from './clock.ts';
import { endingOf, existsAt, lifeAt } from './job-life.ts';
import type { JobRecord } from './job-record.ts';
import type { JobStore } from './job-store.ts';

export type EntryListener = (entry: LogEntry) => void;

/**
 * Tells listeners what BigQuery logs, at the moment it happens. Without listeners it does nothing, and time
 * costs nothing. A job is logged when it is created and when it is DONE; nothing in between.
 */
export class AuditLog {
  readonly #clock: SimulatorClock;
  readonly #store: JobStore;
  readonly #timers: AuditTimers;
  readonly #listeners = new Set<EntryListener>();
  readonly #inserted = new WeakSet<JobRecord>();
  readonly #ended = new WeakSet<JobRecord>();

  constructor(clock: SimulatorClock, store: JobStore) {
    this.#clock = clock;
    this.#store = store;
    this.#timers = new AuditTimers(clock);
  }

  /** What happened before the first listener came is not told; what goes on is. */
  onEntry(listener: EntryListener): () => void {
    if (this.#listeners.size === 0) for (const record of this.#store.everything()) this.#watch(record);
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
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
    this.#tell(record, () => cancelEntry(record, this.#clock.now(), by));
    if (this.#listeners.size === 0) return;
    this.#watchEnd(record);
    for (const child of record.children) this.#watchEnd(child);
  }

  deleted(record: JobRecord, by: string): void {
    this.#tell(record, () => deletionEntry(record, this.#clock.now(), by));
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
    this.#tell(record, () => insertionEntry(record, nowMs));
  }

  /** A cancel may have moved the end since the timer was set; then there is a timer for the new one too. */
  #tellEnd(record: JobRecord): void {
    const nowMs = this.#clock.now();
    if (this.#ended.has(record) || !existsAt(record, nowMs)) return;
    if (lifeAt(record, nowMs).state !== 'DONE') return;
    this.#ended.add(record);
    this.#tell(record, () => endEntry(record, nowMs));
  }

  #tell(record: JobRecord, entry: () => LogEntry): void {
    if (!record.emitEntries || this.#listeners.size === 0) return;
    const told = entry();
    for (const listener of this.#listeners) listener(told);
  }
}
