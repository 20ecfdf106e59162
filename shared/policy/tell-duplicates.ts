import type { FileInReading } from './issues.ts';
import { type Located, placeOf } from './located.ts';

/** Tells of items that have the name of an earlier one. */
export function tellDuplicates(
  items: readonly (readonly [string | number, Located])[],
  { root, faults, shape: { list, nameKey } }: FileInReading,
): void {
  const first = new Map<unknown, number>();
  for (const [index, { children }] of items) {
    const name = children.get(nameKey)?.value;
    if (typeof name !== 'string') continue;
    const place = placeOf(root, [list, index, nameKey]);
    const line = first.get(name);
    if (line === undefined) first.set(name, faults.lineOf(place));
    else {
      const message = `two ${list} have the ${nameKey} ${JSON.stringify(name)}, the first in line ${line}; rename one`;
      faults.fault(place, message, { value: name });
    }
  }
}
