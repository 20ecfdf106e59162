import { describe } from './describe.ts';
import { type Located, type Path, valueAt } from './located.ts';

/** What kind of file an owner keeps: how its messages name what stands in it, and which keys it has. */
export interface FileShape {
  /** The list that the file mainly is. */
  readonly list: string;
  /** The key that names an item of it; no two have the same. */
  readonly nameKey: string;
  /** `limit.runtime of policy "interactive-runtime"`, `breaker.share`, `the file`. */
  nameOf(root: Located, path: Path): string;
  /** The keys that a map at this path may have. */
  keysOf(path: Path): readonly string[];
}

interface ShapeOfList {
  /** The key of the list, what one item of it is called, and the key that names an item. */
  readonly list: string;
  readonly item: string;
  readonly nameKey: string;
  readonly keysOf: (path: Path) => readonly string[];
}

/** A file that is mainly one list of things with names. */
export function shapeOfList({ list, item, nameKey, keysOf }: ShapeOfList): FileShape {
  const itemName = (root: Located, index: number): string => {
    const name = valueAt(root, [list, index, nameKey]);
    return typeof name === 'string' ? `${item} ${describe(name)}` : `${item} number ${index + 1}`;
  };
  return {
    list,
    nameKey,
    keysOf,
    nameOf(root, path) {
      const [first, index, ...inside] = path;
      const named = first === list && typeof index === 'number' ? itemName(root, index) : undefined;
      const keys = (named === undefined ? path : inside)
        .filter((step) => typeof step === 'string')
        .map((key) => (key === '' ? '""' : key));
      if (keys.length === 0) return named ?? 'the file';
      return named === undefined ? keys.join('.') : `${keys.join('.')} of ${named}`;
    },
  };
}
