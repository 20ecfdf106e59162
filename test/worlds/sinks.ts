import type { Verb } from '../../shared/ledger/verb.schema.ts';
import type { LogEntry } from '../../simulator/audit-entry.ts';

/** What the sink of each function lets through: `retry` hears of jobs that ended, and of some others. */
export function isFor(verb: Verb, entry: LogEntry): boolean {
  return verb === 'cancel' || JSON.stringify(entry).includes('"DONE"');
}

/** Entries of script children do not always name their parent: only `jobs.get` tells. */
export function withoutParent(entry: LogEntry): LogEntry {
  return JSON.parse(JSON.stringify(entry).replace(/,"parentJobName":"[^"]*"/, ''));
}
