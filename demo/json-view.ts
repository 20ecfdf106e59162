import type { View } from './view.ts';

/** Each alert as a CloudEvent in structured mode, one a line, and nothing else there. */
export function jsonView(write: (text: string) => void, writeSummary: (text: string) => void): View {
  return {
    opened: () => undefined,
    told: (alert) => write(`${JSON.stringify(alert)}\n`),
    closed: (summary) => writeSummary(summary),
  };
}
