export type Told<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** The fields that have a value: what a source did not tell is absent from a Job, not there as `undefined`. */
export function told<T extends object>(fields: T): Told<T>;
export function told(fields: Readonly<Record<string, unknown>>): object {
  const kept: Record<string, unknown> = {};
  for (const key of Object.keys(fields)) if (fields[key] !== undefined) kept[key] = fields[key];
  return kept;
}
