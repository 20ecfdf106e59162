const ISO = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?)?$/i;

/**
 * Reads a time as people and `bq` write it: milliseconds since the epoch, or a date with or without a time of
 * day. One without a zone is UTC. Returns milliseconds since the epoch.
 *
 * @throws MomentError
 */
export function parseMoment(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const [, date, time = '00:00', zone = 'Z'] = ISO.exec(text) ?? [];
  const ms = date === undefined ? Number.NaN : Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  if (Number.isNaN(ms)) throw new MomentError(text);
  return ms;
}

/** A text that tells no time. */
export class MomentError extends Error {
  override readonly name = 'MomentError';

  constructor(text: string) {
    super(
      `"${text}" is no time; expected milliseconds since 1970 such as 1795507200000, or 2026-11-24T08:00:00Z`,
    );
  }
}
