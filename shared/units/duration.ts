import { decimal, MAX_AMOUNT_LENGTH, times } from './decimal.ts';
import { AmountError } from './errors.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Largest first: a duration names each unit at most once, in this order. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['d', DAY],
  ['h', HOUR],
  ['min', MINUTE],
  ['m', MINUTE],
  ['s', SECOND],
  ['ms', 1],
]);

/** So that a moment plus a duration is still a date. */
export const MAX_DURATION_MS = 1_000_000 * DAY;

const DURATION_FORMS = '30m, 1h30m, 1.5h, 90s, 500ms, 2d (units d, h, m or min, s, ms)';

const PART = /(\d+(?:\.\d+)?) ?([A-Za-z]+) ?/y;

/**
 * Reads a duration as people write it: `30m`, `1h30m`, `1.5h`, `90s`, `500ms`, `2d`, and what `printDuration`
 * prints (`1 h 30 min`): one space may stand after a number and after a unit. A duration is a whole number of milliseconds above zero; nothing is rounded.
 *
 * @returns milliseconds
 * @throws AmountError
 */
export function parseDuration(text: string): number {
  const parts = readParts(text);
  let total = 0n;
  let below = Number.POSITIVE_INFINITY;
  for (const [index, { number, unit }] of parts.entries()) {
    const unitMs = UNITS.get(unit);
    if (unitMs === undefined) throw unknownUnit(text, unit, parts);
    if (unitMs >= below)
      throw fault(text, 'is no duration: the units must go from large to small, each once');
    if (number.includes('.') && index < parts.length - 1) {
      throw fault(text, 'is no duration: only its last part may have a fraction');
    }
    const { whole, exact } = times(decimal(number), unitMs);
    if (!exact) throw fault(text, 'is finer than a millisecond');
    total += whole;
    below = unitMs;
  }
  if (total === 0n) throw fault(text, 'is zero; a duration must be above zero');
  if (total > BigInt(MAX_DURATION_MS)) throw fault(text, 'is more than a million days');
  return Number(total);
}

/**
 * For a sentence, and exact: `42 min`, `1 h 30 min`, `30 min 0.001 s`. Nothing is rounded, lest a limit that
 * was crossed by a millisecond read as kept. Hours are the largest unit, for slot time is told in hours.
 */
export function printDuration(ms: number): string {
  const hours = Math.floor(ms / HOUR);
  const minutes = Math.floor((ms % HOUR) / MINUTE);
  const seconds = (ms % MINUTE) / SECOND;
  const parts: string[] = [];
  if (hours > 0) parts.push(`${hours} h`);
  if (minutes > 0) parts.push(`${minutes} min`);
  if (seconds > 0 || parts.length === 0) parts.push(`${seconds} s`);
  return parts.join(' ');
}

interface Part {
  readonly number: string;
  readonly unit: string;
}

function readParts(text: string): Part[] {
  if (text.length > MAX_AMOUNT_LENGTH) throw fault(`${text.slice(0, 20)}…`, 'is too long for a duration');
  if (/^\s*-\s*\d/.test(text)) throw fault(text, 'is negative; a duration must be above zero');
  if (/^\s*\d+(\.\d+)?\s*$/.test(text)) throw unitMissing(text);
  const parts: Part[] = [];
  PART.lastIndex = 0;
  let end = 0;
  for (let part = PART.exec(text); part; part = PART.exec(text)) {
    parts.push({ number: part[1] ?? '', unit: part[2] ?? '' });
    end = PART.lastIndex;
  }
  if (parts.length === 0 || end < text.length || text.endsWith(' ')) throw fault(text, 'is no duration');
  return parts;
}

function unitMissing(text: string): AmountError {
  const problem =
    Number(text) === 0 ? 'is zero; a duration must be above zero' : 'is no duration: its unit is missing';
  return fault(text, problem);
}

function unknownUnit(text: string, unit: string, parts: readonly Part[]): AmountError {
  const meant = parts.map(partMeant);
  const known = meant.every((part) => part !== undefined);
  return fault(text, `has the unit "${unit}", which is none`, known ? meant.join('') : undefined);
}

function partMeant({ number, unit }: Part): string | undefined {
  const lower = unit.toLowerCase();
  // Whole weeks only: a part of one would need a calculation that its owner can do better.
  if (WEEKS.includes(lower)) return /^\d{1,6}$/.test(number) ? `${Number(number) * 7}d` : undefined;
  const nearest = UNITS.has(lower) ? lower : SPELLINGS.get(lower);
  return nearest === undefined ? undefined : `${number}${nearest}`;
}

const WEEKS: readonly string[] = ['w', 'wk', 'wks', 'week', 'weeks'];

const SPELLINGS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    sec: 's',
    secs: 's',
    second: 's',
    seconds: 's',
    mins: 'm',
    minute: 'm',
    minutes: 'm',
    hr: 'h',
    hrs: 'h',
    hour: 'h',
    hours: 'h',
    day: 'd',
    days: 'd',
    millis: 'ms',
    msec: 'ms',
  }),
);

function fault(value: string, problem: string, nearest?: string): AmountError {
  return new AmountError(value, problem, DURATION_FORMS, nearest);
}
