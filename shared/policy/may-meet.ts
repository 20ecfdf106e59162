import { canonicalLocation } from '../job/job-name.ts';
import { compileGlob } from './glob.ts';
import type { SelectorEntry } from './policy.schema.ts';

const WORDS = ['locations', 'jobTypes', 'statementTypes', 'priority', 'editions'] as const;
const PATTERNS = ['projects', 'principals', 'reservations'] as const;

/**
 * Whether one job may be taken by both, as far as the words tell: of a key that both ask, some word or pattern of the
 * one goes with some of the other. What only rows of a job tell (labels, tables) speaks against nothing.
 */
export function mayMeet(a: SelectorEntry = {}, b: SelectorEntry = {}): boolean {
  return (
    WORDS.every((key) => someGoTogether(wordsOf(a, key), wordsOf(b, key), (one, other) => one === other)) &&
    PATTERNS.every((key) => someGoTogether(a[key], b[key], (one, other) => patternsMeet(one, other, key)))
  );
}

function wordsOf(selector: SelectorEntry, key: (typeof WORDS)[number]): readonly string[] | undefined {
  return key === 'locations' ? selector.locations?.map(canonicalLocation) : selector[key];
}

function someGoTogether(
  a: readonly string[] | undefined,
  b: readonly string[] | undefined,
  goTogether: (one: string, other: string) => boolean,
): boolean {
  return a === undefined || b === undefined || a.some((one) => b.some((other) => goTogether(one, other)));
}

/** Of two patterns with stars nobody can tell at a glance: they may. */
function patternsMeet(one: string, other: string, key: (typeof PATTERNS)[number]): boolean {
  const options = { ignoreCase: key === 'principals' };
  if (one.includes('*') && other.includes('*')) return true;
  return one.includes('*')
    ? compileGlob(one, options).matches(other)
    : compileGlob(other, options).matches(one);
}
