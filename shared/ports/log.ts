/**
 * Values of a log line. What holds text of a job is `Redacted` and prints as such;
 * messages are static, so that lines can be counted by message.
 */
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured logging, handed in. The severities are Cloud Logging's. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  notice(message: string, fields?: LogFields): void;
  warning(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  critical(message: string, fields?: LogFields): void;
  /** The same log with `fields` on every line. */
  with(fields: LogFields): Log;
}
