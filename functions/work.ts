import type { Span } from '../shared/enforce/ports.ts';
import type { EntryReading } from '../shared/job/entry-reading.ts';
import type { Soon } from '../shared/ports/soon.ts';
import type { Background } from '../shared/watch/history-ports.ts';
import type { HistoryRange } from '../shared/watch/history-range.ts';
import type { Walked } from '../shared/watch/history-walk.ts';
import type { Swept } from '../shared/watch/sweeping.ts';
import type { Runtime } from './runtime.ts';

/** An audit entry that tells of a job, or only names one. */
export type Nominating = Extract<EntryReading, { kind: 'job' | 'look-at' }>;

/** What a verb does with a message. How messages are read and answered is the same for all of them. */
export interface Work {
  sweep(projectId: string, id: string, span: Span, ports: Runtime['ports']): Promise<Swept>;
  /** `gone`, `contradicted`: the entry tells of a job what BigQuery does not. Whatever else it resolves to is done. */
  entry(reading: Nominating, span: Span, ports: Runtime['ports']): Soon<string>;
  /** Absent: the verb has no history to clean up. */
  history?(
    range: HistoryRange,
    projectId: string,
    id: string,
    span: Span,
    ports: Runtime['ports'],
    background: Background,
  ): Promise<Walked>;
}
