import { NotJsonError } from './errors.ts';

declare global {
  interface JSON {
    /** JSON that stands as it is when it is stringified [ECMAScript, JSON.parse with source text access]. */
    rawJSON(text: string): object;
  }
}

/** JSON of Google's that travels through us: what we do not know of it must come out as it went in. */
export type JsonValue = string | number | boolean | null | ExactNumber | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/**
 * A number that no `number` holds: more digits than a double has, or too large. int64s are strings in Google's JSON,
 * but a field that we do not know may be anything.
 */
export class ExactNumber {
  /** As it stood in the text. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toJSON(): object {
    return JSON.rawJSON(this.text);
  }
}

/** Reads JSON without rounding a number. Throws `NotJsonError`, which tells nothing of the text. */
export function parseJson(text: string): JsonValue {
  let value: unknown;
  try {
    value = JSON.parse(text, exactly);
  } catch {
    // V8's message quotes the text, which may be a query's.
    throw new NotJsonError(text.length);
  }
  if (!isJsonValue(value)) throw new NotJsonError(text.length);
  return value;
}

function exactly(_key: string, value: unknown, context?: unknown): unknown {
  if (typeof value !== 'number' || typeof context !== 'object' || context === null) return value;
  if (!('source' in context) || typeof context.source !== 'string') return value;
  return numberForm(context.source) === numberForm(String(value)) ? value : new ExactNumber(context.source);
}

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i;

/** A longer one is of no number that anybody means, and a million digits of it take seconds to add up. */
const LONGEST_EXPONENT = 20;

/** One form for every way to write a number: `1.0`, `10e-1` and `1` are the same. */
export function numberForm(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = withoutLastZeros(digits);
  if (significant === '') return NUMBER.test(text) ? '0' : text;
  if (exponent.length > LONGEST_EXPONENT) return text;
  const shift = BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - significant.length);
  return `${sign}${significant}e${shift}`;
}

/** By hand, for `/0+$/` begins anew at each zero of a long row of them. */
function withoutLastZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}

/** Whether a value is what JSON can say, all the way down. */
export function isJsonValue(value: unknown): value is JsonValue {
  if (value === null || value instanceof ExactNumber) return true;
  if (Array.isArray(value)) return value.every(isJsonValue);
  if (typeof value === 'object') return Object.values(value).every(isJsonValue);
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

/** Whether a value is a JSON object, all the way down: for what another parser has read. */
export function isJson(value: unknown): value is JsonObject {
  return isJsonValue(value) && isJsonObject(value);
}

/** Whether a JSON value is an object, and neither a list nor a number. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value) && !(value instanceof ExactNumber);
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** The value at a path, of the value's own fields only: `__proto__` and its like are no fields. */
export function jsonAt(value: JsonValue | undefined, ...path: readonly string[]): JsonValue | undefined {
  let found = value;
  for (const key of path) {
    if (!isJsonObject(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}

/** A copy without these fields. */
export function without(object: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)));
}
