import type { Place } from './fault.ts';

/** A value of the file with its place, and the places of all that is inside it. */
export interface Located {
  /** Plain: text, numbers, booleans, null, arrays, and objects (whose key may be `__proto__`, as their own). */
  readonly value: unknown;
  readonly place: Place;
  readonly keys: ReadonlyMap<string, Place>;
  readonly children: ReadonlyMap<string | number, Located>;
}

export type Path = readonly PropertyKey[];

/** Where a path leads, or the last place on the way that exists. */
export function placeOf(root: Located, path: Path): Place {
  return lead(root, path).at.place;
}

/** What stands at a path; undefined when nothing does. */
export function valueAt(root: Located, path: Path): unknown {
  const { at, left } = lead(root, path);
  return left === 0 ? at.value : undefined;
}

/** The place of a key, which is what is wrong with an unknown one; of its map when there is no such key. */
export function keyPlace(root: Located, path: Path, key: string): Place {
  const { at } = lead(root, path);
  return at.keys.get(key) ?? at.place;
}

function lead(root: Located, path: Path): { readonly at: Located; readonly left: number } {
  let at = root;
  for (const [index, step] of path.entries()) {
    if (typeof step === 'symbol') return { at, left: path.length - index };
    // A single value where a list is allowed is read as a list of one.
    if (step === 0 && !Array.isArray(at.value)) continue;
    const next = at.children.get(step);
    if (next === undefined) return { at, left: path.length - index };
    at = next;
  }
  return { at, left: 0 };
}
