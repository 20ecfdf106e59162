import type { Log, LogFields } from '../../shared/ports/log.ts';

/** A log whose lines are kept. */
export function keptLog(lines: unknown[]): Log {
  const keep = (message: string, fields?: LogFields): void => {
    lines.push({ message, ...fields });
  };
  const log: Log = {
    debug: keep,
    info: keep,
    notice: keep,
    warning: keep,
    error: keep,
    critical: keep,
    with: () => log,
  };
  return log;
}
