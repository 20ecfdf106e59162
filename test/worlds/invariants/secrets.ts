import { MARKER } from '../draw-query.ts';
import type { Invariant } from '../invariant.ts';

/** The text of a query shows up nowhere, nor does the message of a job's error. */
export const secret: Invariant = {
  name: 'no text of a job in logs, alerts, the ledger or dead letters',
  rule: 'section 2: Redacted',
  *onLine(line) {
    if (line.includes(MARKER)) yield 'a log line quotes a job';
  },
  *onPublished({ event }) {
    if (JSON.stringify(event).includes(MARKER)) yield `alert ${String(event['type'])} quotes a job`;
  },
  *onEnd({ stored }) {
    if (stored.includes(MARKER)) yield 'the ledger quotes a job';
  },
};
