/** Keys of fields that surely have a value. */
type Sure<T> = { [K in keyof T]-?: undefined extends T[K] ? never : K }[keyof T];

export type Told<T> = { readonly [K in Sure<T>]: T[K] } & {
  readonly [K in Exclude<keyof T, Sure<T>>]?: Exclude<T[K], undefined>;
};

/**
 * The fields of both that have a value: what a source did not tell is absent from a Job, not there as `undefined`.
 * No field stands in both.
 */
export function told<const T extends object, const U extends object = object>(
  fields: T,
  more?: U,
): Told<T> & Told<U>;
export function told(
  fields: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
): object {
  const kept: Record<string, unknown> = {};
  for (const key in fields) if (fields[key] !== undefined) kept[key] = fields[key];
  for (const key in more) if (more[key] !== undefined) kept[key] = more[key];
  return kept;
}
