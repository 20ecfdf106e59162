import type { Job } from '../job/job.ts';
import type { Glob } from '../policy/glob.ts';
import type { Selector } from '../policy/policy.ts';

/** The key of a property that has none. */
export const NO_KEY = '';

/** A pattern, and which of a job's values it is for: of labels, the one under that key. */
export interface FacetPattern {
  readonly key: string;
  readonly text: string;
}

/** Finds the policies that are filed under patterns which may cover a value, and adds them to `found`. */
export interface FacetIndex {
  find(key: string, value: string, found: number[]): void;
}

/** One property of a job by which policies are told apart, so that most need not be asked about a job. */
export interface Facet {
  /** Patterns of which at least one must cover a value of the job; undefined: the selector asks none. */
  patterns(selector: Selector): readonly FacetPattern[] | undefined;
  /** Looks each of the job's values up. False where the observation does not tell: every policy is asked then. */
  find(job: Job, index: FacetIndex, found: number[]): boolean;
}

/** Case means nothing in addresses, and something in all else: as the patterns themselves are compiled. */
const foldCase = (text: string): string => text.toLowerCase();

const texts = (globs: readonly Glob[] | undefined): readonly string[] | undefined =>
  globs?.map(({ text }) => text);

/** A property of which a job has one value. */
function oneValue(
  patterns: (selector: Selector) => readonly string[] | undefined,
  tells: (job: Job) => string | undefined,
): Facet {
  return {
    patterns: (selector) => patterns(selector)?.map((text) => ({ key: NO_KEY, text })),
    find(job, index, found) {
      const value = tells(job);
      if (value === undefined) return false;
      index.find(NO_KEY, value, found);
      return true;
    },
  };
}

/** The most telling first: a policy is found by the first that it asks. */
export const FACETS: readonly Facet[] = [
  oneValue(
    ({ principals }) => texts(principals)?.map(foldCase),
    ({ principal }) => principal && foldCase(principal),
  ),
  oneValue(
    ({ projects }) => texts(projects),
    ({ name }) => name.projectId,
  ),
  {
    // Every pair must hold, so any one of them finds the policy.
    patterns: ({ labels }) => labels && [...labels].slice(0, 1).map(([key, { text }]) => ({ key, text })),
    find({ labels }, index, found) {
      if (labels === undefined) return false;
      for (const [key, value] of labels) index.find(key, value, found);
      return true;
    },
  },
  oneValue(
    ({ jobTypes }) => jobTypes,
    ({ type }) => type,
  ),
];
