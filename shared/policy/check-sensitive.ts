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

/** Everybody is somebody: with a match that spares nobody it would be every job there is, or nearly so. */
function checkScope({ entry, root, path, faults, isSure }: CheckedPolicy, sensitive: SensitiveEntry): void {
  if (!isSure('match') || !narrowsNothing(entry.match ?? {})) return;
  for (const { inside = [], key, jobs, because, instead } of takingAll(sensitive)) {
    const place = keyPlace(root, [...path, 'sensitive', ...inside], key);
    const message = `policy "${entry.name}" takes ${jobs} for sensitive and would purge it: ${because}, and no match narrows it`;
    faults.fault(place, message, { allowed: `${instead}, or a "match" that names some jobs` });
  }
}

/** What of `sensitive` takes any job that has such a thing at all. */
interface TakesAll {
  readonly inside?: Path;
  readonly key: string;
  readonly jobs: string;
  readonly because: string;
  readonly instead: string;
}

/** Stars and dots alone: any dataset, or table. */
const ANY_TABLE = /^[*.]*\*[*.]*$/;
/** What finds something in one of these finds it in nearly every query. */
const PLAINEST = ['SELECT 1', 'select 1'] as const;

function* takingAll(sensitive: SensitiveEntry): Generator<TakesAll> {
  if (takesEverybody(sensitive.principals)) {
    const because = 'its "principals" are everybody';
    yield { key: 'principals', jobs: 'every job', because, instead: '"principals" that name some' };
  }
  for (const key of ['datasets', 'tables'] as const) {
    if (!sensitive[key]?.some((text) => ANY_TABLE.test(text))) continue;
    const because = `its "${key}" are all there are`;
    yield { key, jobs: 'every job with a table', because, instead: `"${key}" that name some` };
  }
  for (const [name, pattern] of sensitive.patterns ?? []) {
    const text = PLAINEST.find((plain) => pattern.finds({ text: plain, isSql: true }));
    if (text === undefined) continue;
    const because = `its pattern "${name}" finds something in "${text}"`;
    yield {
      inside: ['patterns'],
      key: name,
      jobs: 'nearly every job',
      because,
      instead: 'a pattern that finds less',
    };
  }
}
