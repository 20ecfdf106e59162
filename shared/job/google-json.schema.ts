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
  const texts = new Map<string, string>();
  for (const key of Object.keys(value)) {
    const text = value[key];
    if (typeof text === 'string') texts.set(key, text);
  }
  return texts;
}

/** How a piece reads a value: to a `T`, or to nothing. */
type Reader<T> = (value: unknown) => T | undefined;

/** What reads any value to a `T`, or to nothing. Named, so that the compiler need not unfold nested shapes. */
type Read<T> = z.ZodOptional<z.ZodType<T | undefined, unknown>>;

type Shape = Readonly<Record<string, z.core.$ZodType>>;

const READERS = new WeakMap<z.core.$ZodType, Reader<unknown>>();
const SHAPES = new WeakMap<z.core.$ZodType, Shape>();

/** The keys that an object of Google's is read by, also those of the items of a list; empty for a plain value. */
export function shapeOf(schema: z.core.$ZodType): Shape {
  return SHAPES.get(schema) ?? {};
}

/**
 * A piece, as a schema. Inside a shape, and by `readPiece`, its reader is called and not the schema: nothing can
 * fail, so the bookkeeping of issues at every level, most of what reading a job took, is spared.
 */
function piece<T>(read: Reader<T>, shape: Shape = {}): Read<T> {
  const schema = z.unknown().transform(read).optional();
  READERS.set(schema, read);
  SHAPES.set(schema, shape);
  return schema;
}

function readerOf(schema: z.core.$ZodType): Reader<unknown> {
  return READERS.get(schema) ?? ((value) => z.parse(schema, value));
}

/** Reads a value as the schema would, in a fraction of the time. */
export function readPiece<T>(schema: z.ZodType<T>, value: unknown): T;
export function readPiece(schema: z.core.$ZodType, value: unknown): unknown {
  return value === undefined ? undefined : readerOf(schema)(value);
}

/** A text that is not empty. */
export const text = piece(readText);
/** A count of at least 0: int64 as a string, an integer, a float. */
export const amount = piece(readAmount);
/** Milliseconds since the epoch, from RFC 3339 or from a number of milliseconds in any dress. */
export const timeMs = piece(readTimeMs);
export const flag = piece(readFlag);
/** Labels and their like. Values that are no text are left out. */
export const textMap = piece(readTextMap);

/** Reads an object by the keys of a shape; one without any is nothing told, for so Google writes `{}`. */
function shapeReader(shape: Shape, keepsOthers = false): Reader<RawObject> {
  const readers = new Map(Object.entries(shape).map(([key, schema]) => [key, readerOf(schema)]));
  return (value) => {
    if (!isRawObject(value)) return undefined;
    let found: Record<string, unknown> | undefined;
    // Most keys of a shape are absent from most objects, so the keys that are there are gone through.
    for (const key in value) {
      found ??= {};
      const told = value[key];
      const read = readers.get(key);
      if (read !== undefined) {
        const readable = told === undefined ? undefined : read(told);
        if (readable !== undefined) found[key] = readable;
      } else if (keepsOthers && key !== '__proto__') found[key] = told;
    }
    return found;
  };
}

/** An object with these keys; `{}` is absent. */
export function object<S extends z.core.$ZodLooseShape>(shape: S): Read<z.output<z.ZodObject<S>>>;
export function object(shape: z.core.$ZodLooseShape): Read<RawObject> {
  return piece(shapeReader(shape), shape);
}

/** As `object`, and other keys are kept as they are. A key `__proto__` is none of Google's. */
export function looseObject<S extends z.core.$ZodLooseShape>(
  shape: S,
): Read<RawObject & z.output<z.ZodObject<S>>>;
export function looseObject(shape: z.core.$ZodLooseShape): Read<RawObject> {
  return piece(shapeReader(shape, true), shape);
}

const NOTHING: RawObject = Object.freeze({});

/** An object with these keys that counts even when it is `{}`; what is no object reads as `{}`. */
export function present<S extends z.core.$ZodLooseShape>(shape: S): Read<z.output<z.ZodObject<S>>>;
export function present(shape: z.core.$ZodLooseShape): Read<RawObject> {
  const read = shapeReader(shape);
  return piece(
    (value) => (value === undefined || value === null ? undefined : (read(value) ?? NOTHING)),
    shape,
  );
}

/** A list, with `undefined` for each item that is not readable; absent when it is no list. */
export function list<T>(item: z.ZodType<T | undefined>): Read<(T | undefined)[]>;
export function list(item: z.ZodType): Read<unknown[]> {
  const read = readerOf(item);
  return piece((value) => (Array.isArray(value) ? value.map(read) : undefined), shapeOf(item));
}
