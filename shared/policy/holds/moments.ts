import { AmountError } from '../../units/errors.ts';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;
const DAY_MS = 86_400_000;
const FORMS = 'a date such as 2027-01-31 (a day in UTC), or an instant such as 2027-01-31T12:00:00Z';

/**
 * Reads a date as the beginning of its day in UTC, or an instant.
 *
 * @returns milliseconds since the epoch
 * @throws AmountError
 */
export function firstMoment(text: string): number {
  return DATE.test(text) ? dayOf(text) : instant(text);
}

/**
 * Reads a date as the last millisecond of its day in UTC, or an instant.
 *
 * @returns milliseconds since the epoch
 * @throws AmountError
 */
export function lastMoment(text: string): number {
  return DATE.test(text) ? dayOf(text) + DAY_MS - 1 : instant(text);
}

export const INDEFINITE = 'indefinite';

/** As `lastMoment`; undefined: nobody knows yet. @throws AmountError */
export function endOfHold(text: string): number | undefined {
  if (text === INDEFINITE) return undefined;
  try {
    return lastMoment(text);
  } catch (error) {
    if (!(error instanceof AmountError)) throw error;
    const nearest = text.toLowerCase() === INDEFINITE ? INDEFINITE : undefined;
    throw new AmountError(text, error.problem, `${FORMS}, or ${INDEFINITE}`, nearest);
  }
}

function dayOf(date: string): number {
  const ms = Date.parse(`${date}T00:00:00Z`);
  // The 30th of February is read as the 2nd of March.
  if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(date)) {
    throw new AmountError(date, 'is no day of the calendar', FORMS);
  }
  return ms;
}

function instant(text: string): number {
  if (!INSTANT.test(text)) throw new AmountError(text, 'is neither a date nor an instant', FORMS);
  dayOf(text.slice(0, 'YYYY-MM-DD'.length));
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new AmountError(text, 'is no time of a day', FORMS);
  return ms;
}
