import { checkWhatNoJobHas } from '../check-selector.ts';
import type { FileInReading } from '../issues.ts';
import { keyPlace, type Path, placeOf, valueAt } from '../located.ts';
import { HoldMatchEntry } from './holds.schema.ts';
import { HOLDS_FILE } from './holds-shape.ts';

/**
 * Whether a hold holds what its owner is likely to mean. What a policy is only warned of is a fault here: a hold that
 * holds nothing protects nothing, and nobody would see it before the job is gone.
 */
export function checkHold({ root, faults }: FileInReading, path: Path): void {
  const inside = [...path, 'match'];
  const match = HoldMatchEntry.safeParse(valueAt(root, inside));
  if (!match.success) return;
  const name = HOLDS_FILE.nameOf(root, path);
  const { created, ...others } = match.data;
  if (Object.keys(match.data).length === 0) {
    faults.fault(keyPlace(root, path, 'match'), `${name} has an empty "match", which would hold every job`, {
      allowed: 'a "match" that names some jobs, or match: { projects: "*" } for all of them',
    });
  }
  checkWhatNoJobHas(others, (at, message, nearest) =>
    faults.fault(
      placeOf(root, [...inside, ...at]),
      `match of ${name}: ${message}; it holds nothing`,
      nearest === undefined ? {} : { nearest },
    ),
  );
  if (created === undefined) return;
  const { from, to } = created;
  const place = keyPlace(root, inside, 'created');
  if (from === undefined && to === undefined) {
    faults.fault(place, `${name} has an empty "created"`, { allowed: 'at least one of from, to' });
  } else if (from !== undefined && to !== undefined && to < from) {
    faults.fault(place, `${name} has a "created" that ends ("to") before it begins ("from")`);
  }
}
