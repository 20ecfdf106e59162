import * as z from 'zod';
import type { Detector } from '../sensitive/detector.ts';
import { DETECTOR_NAMES, type DetectorName } from '../sensitive/detector-names.ts';
import { customPattern } from '../sensitive/detectors/custom-pattern.ts';
import { InvalidPatternError } from '../sensitive/errors.ts';
import { parseDuration } from '../units/duration.ts';
import { parsePercent } from '../units/percent.ts';
import { Acts, amount, Labels, listOf, Text } from './entry-parts.ts';

// The shape of a policy's `sensitive` and `purge` (docs/purge.md), strict.

const MAX_PATTERN = 1_024;

/** BigQuery keeps a job for six months; INFORMATION_SCHEMA.JOBS says 180 days [bigquery-facts: Jobs API]. */
const KEPT_MS = 180 * 86_400_000;

const BUILT_IN: ReadonlySet<string> = new Set<DetectorName>(DETECTOR_NAMES);

const PATTERN_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;

/** Findings call what a policy takes a job by so. */
const KEYS_THAT_TAKE: readonly string[] = ['labels', 'principals', 'datasets', 'tables'];

function objectionToName(name: string): { readonly message: string; readonly allowed: string } | undefined {
  if (!PATTERN_NAME.test(name)) {
    return {
      message: 'has a name that no detector can have',
      allowed: 'a name of at most 63 letters, digits, "-" and "_", with a letter first',
    };
  }
  const allowed = 'another name';
  if (BUILT_IN.has(name)) return { message: 'has the name of a detector that is built in', allowed };
  return KEYS_THAT_TAKE.includes(name)
    ? { message: 'has the name of a key of "sensitive", which findings call by it', allowed }
    : undefined;
}

function objectionToPattern({ fault, part, pattern }: InvalidPatternError): string {
  const where = part === undefined || part === pattern ? '' : ` at "${part}"`;
  return `cannot be used: ${fault}${where}`;
}

/** By the name that findings have. Not a zod record: that passes over a key named `__proto__`. */
const Patterns = z.unknown().transform((value, context): ReadonlyMap<string, Detector> => {
  const detectors = new Map<string, Detector>();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    context.addIssue({ code: 'custom', message: 'is no map', params: { allowed: '{ name: pattern }' } });
    return detectors;
  }
  if (Object.keys(value).length === 0) {
    context.addIssue({ code: 'custom', message: 'is an empty map, which finds nothing' });
  }
  for (const [name, given] of Object.entries(value)) {
    const { message, allowed } = objectionToName(name) ?? {};
    if (message !== undefined)
      context.addIssue({ code: 'custom', message, path: [name], params: { allowed } });
    const pattern = z.string().min(1).max(MAX_PATTERN).safeParse(given);
    if (!pattern.success) {
      for (const issue of pattern.error.issues) context.addIssue({ ...issue, path: [name], input: given });
      continue;
    }
    try {
      detectors.set(name, customPattern(name, pattern.data));
    } catch (error) {
      if (!(error instanceof InvalidPatternError)) throw error;
      const params = { allowed: 'a pattern in the syntax of RE2' };
      context.addIssue({ code: 'custom', message: objectionToPattern(error), path: [name], params });
    }
  }
  return detectors;
});

export const SensitiveEntry = z.strictObject({
  detectors: listOf(z.enum(DETECTOR_NAMES)).exactOptional(),
  patterns: Patterns.exactOptional(),
  labels: Labels.exactOptional(),
  principals: listOf(Text).exactOptional(),
  datasets: listOf(Text).exactOptional(),
  tables: listOf(Text).exactOptional(),
});
export type SensitiveEntry = z.infer<typeof SensitiveEntry>;

const ZERO = /^0+(?:\.0+)?(?: ?(?:d|h|min|m|s|ms))?$/;

/** Unlike elsewhere, no wait at all is one, too. */
const WAITS = 'from 0s to 180d, such as 15m';
const Wait = amount((text) => (ZERO.test(text) ? 0 : parseDuration(text)), WAITS).refine(
  (ms) => ms <= KEPT_MS,
  { error: 'is longer than BigQuery keeps a job', params: { allowed: WAITS } },
);

export const HistoryEntry = z.strictObject({
  acts: Acts.exactOptional(),
  per: amount(parseDuration).exactOptional(),
  quota: amount(parsePercent).exactOptional(),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

export const PurgeEntry = z.strictObject({
  after: Wait.exactOptional(),
  afterFailure: Wait.exactOptional(),
  history: HistoryEntry.exactOptional(),
});
export type PurgeEntry = z.infer<typeof PurgeEntry>;
