import { canonicalLocation } from '../job/job-name.ts';
import { compileGlob } from './glob.ts';
import type { SelectorEntry } from './policy.schema.ts';

type Key = keyof SelectorEntry;

/** Patterns that take any name: stars, and the `@` and dot that every address has. */
const ANY_NAME = /^\*+(?:@\*+(?:\.\*+)?)?$/;

/**
 * Only words that leave no job out. `reservations: "*"` and the like do: not every job has one.
 */
export function takesEverything(selector: SelectorEntry): boolean {
  return keysOf(selector).every((key) => leavesNoneOut(selector, key));
}

/**
 * Whether a match spares nobody but what is exempt anyhow: continuous queries and dry runs are unless a
 * policy names them, and both priorities are those of every query.
 */
export function narrowsNothing(match: SelectorEntry): boolean {
  return keysOf(match).every((key) => {
    if (key === 'continuous' || key === 'dryRun') return match[key] === false;
    if (key === 'priority') return new Set(match.priority).size === 2;
    return leavesNoneOut(match, key);
  });
}

function leavesNoneOut(selector: SelectorEntry, key: Key): boolean {
  if (key === 'principals' || key === 'projects') return takesEverybody(selector[key]);
  return key === 'jobTypes' && new Set(selector.jobTypes).size === 4;
}

/** Whether a pattern among them takes any name. */
export function takesEverybody(patterns: readonly string[] = []): boolean {
  return patterns.some((text) => ANY_NAME.test(text));
}

/**
 * Whether whatever `match` takes, `except` takes too, as far as the words tell: key by key, each pattern or
 * word of the one is within some pattern or word of the other.
 */
export function covers(except: SelectorEntry, match: SelectorEntry): boolean {
  return keysOf(except).every((key) => {
    if (leavesNoneOut(except, key)) return true;
    const taken = wordsOf(match, key);
    const exempted = wordsOf(except, key);
    if (taken === undefined || exempted === undefined) return written(except[key]) === written(match[key]);
    return taken.every((word) =>
      exempted.some((pattern) => pattern === word || isWithin(word, pattern, key)),
    );
  });
}

const PATTERNS: readonly Key[] = [
  'principals',
  'projects',
  'reservations',
  'referencedTables',
  'destinationTables',
];

/** A star of the pattern takes in a star of the word; its other characters stand for themselves only. */
function isWithin(word: string, pattern: string, key: Key): boolean {
  if (!PATTERNS.includes(key)) return false;
  return compileGlob(pattern, { ignoreCase: key === 'principals' }).matches(word);
}

function wordsOf(selector: SelectorEntry, key: Key): readonly string[] | undefined {
  const value = selector[key];
  if (!Array.isArray(value)) return undefined;
  return key === 'locations' ? value.map(canonicalLocation) : value;
}

function written(value: unknown): string {
  return JSON.stringify([value instanceof Map ? [...value] : value]);
}

function keysOf(selector: SelectorEntry): readonly Key[] {
  const known: readonly Key[] = [
    ...PATTERNS,
    'locations',
    'jobTypes',
    'statementTypes',
    'priority',
    'labels',
    'editions',
    'continuous',
    'dryRun',
  ];
  return known.filter((key) => selector[key] !== undefined);
}
