import * as z from 'zod';

/**
 * The pieces that raw shapes of Google's JSON are built of. They read tolerantly: what is not as documented is
 * absent, and nothing fails. What must be there is asked for by the parser, which knows what its lack means.
 *
 * Seen in the wild [bigquery-facts: Audit entries, REST resources in the wild]: times and counts as strings,
 * integers and floats (`1.60390893E12`), `{}` where there is nothing, `null`.
 */

export type RawObject = Readonly<Record<string, unknown>>;

export function isRawObject(value: unknown): value is RawObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const DECIMAL = /^\d+(?:\.\d*)?(?:e\+?\d+)?$/i;

function readAmount(value: unknown): number | undefined {
  const number = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || number < 0) return undefined;
  return Math.trunc(number);
}

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/i;
/** The last millisecond that a `Date` can hold. */
const LAST_MS = 8.64e15;

function readTimeMs(value: unknown): number | undefined {
  const ms = typeof value === 'string' && RFC_3339.test(value) ? Date.parse(value) : readAmount(value);
  // Zero is how an unset time shows once it was printed in full.
  return ms !== undefined && ms > 0 && ms <= LAST_MS ? ms : undefined;
}

function readFlag(value: unknown): boolean | undefined {
  if (value === 'true') return true;
  if (value === 'false') return false;
  return typeof value === 'boolean' ? value : undefined;
}

/** Own keys only, and into a Map, so that a label may be called `__proto__`. */
function readTextMap(value: unknown): ReadonlyMap<string, string> | undefined {
  if (!isRawObject(value)) return undefined;
  return new Map(
    Object.entries(value).flatMap(([key, text]): [string, string][] =>
      typeof text === 'string' ? [[key, text]] : [],
    ),
  );
}

/** A text that is not empty. */
export const text = z.unknown().transform(readText).optional();
/** A count of at least 0: int64 as a string, an integer, a float. */
export const amount = z.unknown().transform(readAmount).optional();
/** Milliseconds since the epoch, from RFC 3339 or from a number of milliseconds in any dress. */
export const timeMs = z.unknown().transform(readTimeMs).optional();
export const flag = z.unknown().transform(readFlag).optional();
/** Labels and their like. Values that are no text are left out. */
export const textMap = z.unknown().transform(readTextMap).optional();

/** What reads any value to a `T`, or to nothing. Named, so that the compiler need not unfold nested shapes. */
type Read<T> = z.ZodOptional<z.ZodType<T | undefined, unknown>>;

/** An object with these keys; `{}` is absent. */
export function object<S extends z.core.$ZodLooseShape>(shape: S): Read<z.output<z.ZodObject<S>>> {
  return z
    .unknown()
    .transform((value) => (isRawObject(value) && Object.keys(value).length > 0 ? value : undefined))
    .pipe(z.object(shape).optional())
    .optional();
}

/** As `object`, and other keys are kept as they are. */
export function looseObject<S extends z.core.$ZodLooseShape>(shape: S) {
  return z
    .unknown()
    .transform((value) => (isRawObject(value) && Object.keys(value).length > 0 ? value : undefined))
    .pipe(z.looseObject(shape).optional())
    .optional();
}

/** An object with these keys that counts even when it is `{}`; what is no object reads as `{}`. */
export function present<S extends z.core.$ZodLooseShape>(shape: S) {
  return z
    .unknown()
    .transform((value) =>
      value === undefined || value === null ? undefined : isRawObject(value) ? value : {},
    )
    .pipe(z.object(shape).optional())
    .optional();
}

/** A list of what is readable in it; absent when it is no list. */
export function list<T>(item: z.ZodType<T | undefined>) {
  return z
    .unknown()
    .transform((value) => (Array.isArray(value) ? value : undefined))
    .pipe(z.array(item).optional())
    .transform((items) => items?.flatMap((one) => (one === undefined ? [] : [one])))
    .optional();
}
