import { MARKER } from '../draw-query.ts';
import type { Invariant } from '../invariant.ts';
import { PLANTED_TEXTS } from '../planted.ts';

const SECRETS = [MARKER, ...PLANTED_TEXTS];

/** The text of a query shows up nowhere, nor does the message of a job's error, nor what is hidden in them. */
export const secret: Invariant = {
  name: 'no text of a job in logs, alerts, the ledger or dead letters',
  rule: 'section 2: Redacted',
  *onLine(line) {
    if (quotes(line)) yield 'a log line quotes a job';
  },
  *onPublished({ event }) {
    if (quotes(JSON.stringify(event))) yield `alert ${String(event['type'])} quotes a job`;
  },
  *onEnd({ stored }) {
    if (quotes(stored)) yield 'the ledger quotes a job';
  },
};

function quotes(text: string): boolean {
  return SECRETS.some((secretText) => text.includes(secretText));
}
