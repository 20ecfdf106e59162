import { checkLabels } from './check-selector.ts';
import { wordFaults } from './check-words.ts';
import type { CheckedPolicy } from './checked-policy.ts';
import { narrowsNothing, takesEverybody } from './coverage.ts';
import { keyPlace, type Path, placeOf } from './located.ts';
import { SensitiveEntry } from './purge.schema.ts';

/** What a policy takes for sensitive: whether any job can be, and whether not all are. */
export function checkSensitive(policy: CheckedPolicy): void {
  const { entry, root, path, faults, isSure } = policy;
  const { sensitive } = entry;
  if (sensitive === undefined) return;
  if (Object.keys(sensitive).length === 0) {
    if (!isSure('sensitive')) return;
    faults.fault(keyPlace(root, path, 'sensitive'), `policy "${entry.name}" has an empty "sensitive"`, {
      allowed: `at least one of ${Object.keys(SensitiveEntry.shape).join(', ')}`,
    });
    return;
  }
  checkWords(policy, sensitive);
  checkScope(policy, sensitive);
}

function checkWords({ entry, root, path, faults }: CheckedPolicy, sensitive: SensitiveEntry): void {
  const tell = (inside: Path, message: string, nearest?: string): void =>
    faults.warning(
      placeOf(root, [...path, 'sensitive', ...inside]),
      `sensitive of policy "${entry.name}": ${message}; it finds nothing`,
      nearest === undefined ? {} : { nearest },
    );
  const { principals, datasets, tables } = sensitive;
  const words = {
    ...(principals && { principals }),
    ...(datasets && { datasets }),
    ...(tables && { tables }),
  };
  for (const { key, index, problem, nearest } of wordFaults(words)) tell([key, index], problem, nearest);
  checkLabels(sensitive, tell);
}

/** Everybody is somebody: with a match that spares nobody it would be every job there is. */
function checkScope({ entry, root, path, faults, isSure }: CheckedPolicy, sensitive: SensitiveEntry): void {
  if (!takesEverybody(sensitive.principals) || !isSure('match') || !narrowsNothing(entry.match ?? {})) return;
  const message = `policy "${entry.name}" takes every job for sensitive and would purge it: its "principals" are everybody, and no match narrows it`;
  faults.fault(keyPlace(root, [...path, 'sensitive'], 'principals'), message, {
    allowed: '"principals" that name some, or a "match" that names some jobs',
  });
}
