import type { Log } from '../shared/ports/log.ts';

/** A command tells its person what matters in its result; the steps between are for functions. */
export const SILENT_LOG: Log = {
  debug: () => undefined,
  info: () => undefined,
  notice: () => undefined,
  warning: () => undefined,
  error: () => undefined,
  critical: () => undefined,
  with: () => SILENT_LOG,
};
