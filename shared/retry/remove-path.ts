import type { Changed } from './change.ts';
import { isJsonObject, isList, type JsonObject, type JsonValue, without } from './json.ts';

/** Takes away what stands at a path, `{}` for any name, `[]` for any item; the same object when nothing does. */
export function removePath(object: JsonObject, path: string, because: string): Changed {
  const cut = cutAt(object, path.split(/\.|(?=\{\}|\[\])/));
  if (cut === object || !isJsonObject(cut)) return { object, changes: [] };
  return { object: cut, changes: [{ path, kind: 'removed', because }] };
}

function cutAt(value: JsonValue, [first = '', ...rest]: readonly string[]): JsonValue {
  if (first === '[]') return isList(value) ? eachItem(value, rest) : value;
  if (!isJsonObject(value)) return value;
  if (first === '{}') return eachField(value, rest);
  const inner = Object.hasOwn(value, first) ? value[first] : undefined;
  if (inner === undefined) return value;
  if (rest.length === 0) return without(value, [first]);
  const cut = cutAt(inner, rest);
  return cut === inner ? value : { ...value, [first]: cut };
}

function eachItem(list: readonly JsonValue[], rest: readonly string[]): JsonValue {
  const cut = list.map((item) => cutAt(item, rest));
  return cut.some((item, index) => item !== list[index]) ? cut : list;
}

function eachField(object: JsonObject, rest: readonly string[]): JsonValue {
  const entries = Object.entries(object);
  const cut = entries.map(([name, value]) => [name, cutAt(value, rest)] as const);
  return cut.some(([, value], index) => value !== entries[index]?.[1]) ? Object.fromEntries(cut) : object;
}
