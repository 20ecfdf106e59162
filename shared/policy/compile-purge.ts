import { DETECTOR_NAMES } from '../sensitive/detector-names.ts';
import { globs, labelGlobs, principalGlobs } from './compile-selector.ts';
import type { HistoryBudget, PurgeRule, SensitiveRule } from './policy.ts';
import type { HistoryEntry, PurgeEntry, SensitiveEntry } from './purge.schema.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** What holds for a `purge` that does not say otherwise. Whoever looks into a failure needs its text for a while. */
const AFTER_MS = 15 * MINUTE_MS;
const AFTER_FAILURE_MS = DAY_MS;
const HISTORY_PER_MS = DAY_MS;
const HISTORY_QUOTA_SHARE = 0.2;

export function compilePurgeRule(sensitive: SensitiveEntry, purge: PurgeEntry): PurgeRule {
  const history = compileHistory(purge.history);
  return {
    sensitive: compileSensitive(sensitive),
    ...compileWaits(purge),
    ...(history && { history }),
  };
}

export function compileWaits({
  after = AFTER_MS,
  afterFailure = AFTER_FAILURE_MS,
}: PurgeEntry): Pick<PurgeRule, 'afterMs' | 'afterFailureMs'> {
  return { afterMs: after, afterFailureMs: afterFailure };
}

/** Its acts are the owner's to write: there is no budget that nobody confirmed. */
function compileHistory({ acts, per, quota }: HistoryEntry = {}): HistoryBudget | undefined {
  if (acts === undefined) return undefined;
  return { acts, perMs: per ?? HISTORY_PER_MS, quotaShare: quota ?? HISTORY_QUOTA_SHARE };
}

function compileSensitive({
  detectors = [],
  patterns,
  labels,
  principals,
  datasets,
  tables,
}: SensitiveEntry): SensitiveRule {
  return {
    detectors: DETECTOR_NAMES.filter((name) => detectors.includes(name)),
    patterns: [...(patterns?.values() ?? [])],
    ...(labels && { labels: labelGlobs(labels) }),
    ...(principals && { principals: principalGlobs(principals) }),
    ...(datasets && { datasets: globs(datasets) }),
    ...(tables && { tables: globs(tables) }),
  };
}
