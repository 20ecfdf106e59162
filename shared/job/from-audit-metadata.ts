/** Both formats are read by one function; this is the name under which callers have known it. */
export type { EntryReading, LookReason } from './entry-reading.ts';
export { readAuditEntry } from './read-audit-entry.ts';
