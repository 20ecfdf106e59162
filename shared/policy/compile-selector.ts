import { canonicalLocation } from '../job/job-name.ts';
import { compileGlob, type Glob, type GlobOptions } from './glob.ts';
import type { SelectorEntry } from './policy.schema.ts';
import type { Selector } from './policy.ts';

export function compileSelector(entry: SelectorEntry): Selector {
  const {
    projects,
    principals,
    locations,
    labels,
    reservations,
    referencedTables,
    destinationTables,
    ...words
  } = entry;
  return {
    ...words,
    ...(projects && { projects: globs(projects) }),
    ...(locations && { locations: locations.map(canonicalLocation) }),
    ...(principals && { principals: principalGlobs(principals) }),
    ...(labels && { labels: labelGlobs(labels) }),
    ...(reservations && { reservations: globs(reservations) }),
    ...(referencedTables && { referencedTables: globs(referencedTables) }),
    ...(destinationTables && { destinationTables: globs(destinationTables) }),
  };
}

export function globs(texts: readonly string[], options?: GlobOptions): readonly Glob[] {
  return texts.map((text) => compileGlob(text, options));
}

/** Case means nothing in an e-mail address. */
export function principalGlobs(texts: readonly string[]): readonly Glob[] {
  return globs(texts, { ignoreCase: true });
}

export function labelGlobs(labels: ReadonlyMap<string, string>): ReadonlyMap<string, Glob> {
  return new Map([...labels].map(([key, value]) => [key, compileGlob(value)]));
}
