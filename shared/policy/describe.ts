const MAX_SHOWN = 60;

/** A value as a message shows it. */
export function describe(value: unknown): string {
  if (value === null) return 'an empty value';
  if (Array.isArray(value)) return value.length === 0 ? '[]' : 'a list';
  if (typeof value === 'string') {
    return JSON.stringify(value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value);
  }
  if (typeof value !== 'object') return String(value);
  return Object.keys(value).length === 0 ? '{}' : 'a map';
}
