export type Told<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** The fields that have a value: what a source did not tell is absent from a Job, not there as `undefined`. */
export function told<T extends object>(fields: T): Told<T>;
export function told(fields: object): object {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) kept[key] = value;
  return kept;
}
