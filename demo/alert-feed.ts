import * as z from 'zod';
import { Alert } from '../shared/alert/alert.schema.ts';

/** A line of the function's log, as far as it is read here. */
const LogLine = z.object({ severity: z.string(), message: z.string(), alert: Alert.optional() });

/** What the alerts and the summary say better: the day has jobs that do not stop when they are asked to. */
const TOLD_OTHERWISE: ReadonlySet<string> = new Set(['job runs on after a cancel']);

/**
 * Reads the function's log: where no alerts topic is set, each alert is a line of it. An alert that comes
 * again under the same id is dropped, as every consumer of alerts should. Warnings that are no alerts are counted.
 */
export class AlertFeed {
  readonly #listener: (alert: Alert) => void;
  readonly #ids = new Set<string>();
  readonly #warnings = new Map<string, number>();

  constructor(listener: (alert: Alert) => void) {
    this.#listener = listener;
  }

  writeLine(text: string): void {
    const { severity, message, alert } = LogLine.parse(JSON.parse(text));
    if (alert !== undefined) {
      if (this.#ids.has(alert.id)) return;
      this.#ids.add(alert.id);
      this.#listener(alert);
    } else if ((severity === 'WARNING' || severity === 'ERROR') && !TOLD_OTHERWISE.has(message)) {
      this.#warnings.set(message, (this.#warnings.get(message) ?? 0) + 1);
    }
  }

  /** How often each warning and each error was logged. */
  get warnings(): ReadonlyMap<string, number> {
    return this.#warnings;
  }
}
