/** Header names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string | undefined>>;

/** Only this form (RFC 9110, IMF-fixdate): what `Date.parse` makes of others is not to be relied on. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** The server's own time of the answer, in milliseconds since the epoch. */
export function dateMsOf(headers: AnswerHeaders): number | undefined {
  return httpDateMs(headers['date']);
}

/**
 * How long the server asks us to wait: `Retry-After` in seconds, or a date, which is told relative to the
 * server's own `Date`, for clocks differ. Absent when it cannot be told; never negative.
 */
export function retryAfterMsOf(headers: AnswerHeaders): number | undefined {
  const value = headers['retry-after']?.trim();
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  const untilMs = httpDateMs(value);
  const dateMs = dateMsOf(headers);
  if (untilMs === undefined || dateMs === undefined) return undefined;
  return Math.max(0, untilMs - dateMs);
}

function httpDateMs(value: string | undefined): number | undefined {
  if (value === undefined || !HTTP_DATE.test(value)) return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : ms;
}
