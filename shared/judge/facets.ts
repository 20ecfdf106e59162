import type { Job } from '../job/job.ts';
import type { Glob } from '../policy/glob.ts';
import type { Selector } from '../policy/policy.ts';

/** One property of a job by which policies are told apart, so that most need not be asked about a job. */
export interface Facet {
  /** Patterns of which at least one must cover a value of the job; undefined: the selector asks none. */
  patterns(selector: Selector): readonly string[] | undefined;
  /** The job's values; undefined where the observation does not tell, so that every policy is asked. */
  values(job: Job): readonly string[] | undefined;
}

/** Case means nothing in addresses, and something in all else: as the patterns themselves are compiled. */
const foldCase = (text: string): string => text.toLowerCase();

const texts = (globs: readonly Glob[] | undefined): readonly string[] | undefined =>
  globs?.map(({ text }) => text);

/** The most telling first: a policy is found by the first that it asks. */
export const FACETS: readonly Facet[] = [
  {
    patterns: ({ principals }) => texts(principals)?.map(foldCase),
    values: ({ principal }) => (principal === undefined ? undefined : [foldCase(principal)]),
  },
  {
    patterns: ({ projects }) => texts(projects),
    values: ({ name }) => [name.projectId],
  },
  {
    // Every pair must hold, so any one of them finds the policy.
    patterns: ({ labels }) => firstOf(labels)?.map(([key, glob]) => labelText(key, glob.text)),
    values: ({ labels }) => labels && Array.from(labels, ([key, value]) => labelText(key, value)),
  },
  {
    patterns: ({ jobTypes }) => jobTypes,
    values: ({ type }) => (type === undefined ? undefined : [type]),
  },
];

function firstOf<T>(
  labels: ReadonlyMap<string, T> | undefined,
): readonly (readonly [string, T])[] | undefined {
  return labels === undefined || labels.size === 0 ? undefined : [...labels].slice(0, 1);
}

function labelText(key: string, value: string): string {
  return `${key}=${value}`;
}
