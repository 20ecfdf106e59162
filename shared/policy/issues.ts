import type * as z from 'zod';
import { describe } from './describe.ts';
import type { FaultDetails, Faults } from './fault.ts';
import type { FileShape } from './file-shape.ts';
import { flagMeant, mapMeant, modeMeant } from './hints.ts';
import { keyPlace, type Located, type Path, placeOf, valueAt } from './located.ts';
import { nearestWord } from './nearest.ts';

/**
 * Tells zod's issues as faults of the file: with their place, the value, what is allowed, and the nearest
 * valid word.
 *
 * @param path where in the file the value stands that the schema was given
 */
export function tellIssues(
  issues: readonly z.core.$ZodIssue[],
  { root, faults, shape }: FileInReading,
  path: Path,
): void {
  for (const issue of issues) tellIssue(issue, { root, faults, shape }, [...path, ...issue.path]);
}

/** An owner's file that is being read. */
export interface FileInReading {
  readonly root: Located;
  readonly faults: Faults;
  readonly shape: FileShape;
}

function tellIssue(issue: z.core.$ZodIssue, { root, faults, shape }: FileInReading, path: Path): void {
  const thing = shape.nameOf(root, path);
  const place = placeOf(root, path);
  const found = valueAt(root, path);
  const value = describe(found);
  if (issue.code === 'unrecognized_keys') {
    const known = shape.keysOf(path);
    for (const key of issue.keys) {
      const nearest = nearestWord(key, known);
      faults.fault(keyPlace(root, path, key), `unknown key ${describe(key)} in ${thing}`, {
        value: key,
        allowed: known.join(', '),
        ...(nearest !== undefined && { nearest }),
      });
    }
  } else if (found === undefined) {
    const key = String(path.at(-1));
    const where = shape.nameOf(root, path.slice(0, -1));
    faults.fault(placeOf(root, path.slice(0, -1)), `${where} has no "${key}"`, allowedBy(issue));
  } else if (issue.code === 'invalid_value') {
    const words = issue.values.map(String);
    const meant = words.includes('observe') ? modeMeant(found) : undefined;
    const nearest = meant ?? (typeof found === 'string' ? nearestWord(found, words) : undefined);
    const allowed = words.join(', ');
    const problem = words.length === 1 ? `must be ${allowed}` : 'is none of the words allowed here';
    faults.fault(place, `${thing}: ${value} ${problem}`, {
      value,
      allowed,
      ...(nearest !== undefined && { nearest }),
    });
  } else {
    const details = { ...nearestOf(issue, found), ...allowedBy(issue), ...kindMeant(issue, path, found) };
    const quote = issue.code === 'invalid_type' && issue.expected === 'string' && isBare(found);
    faults.fault(place, `${thing}: ${value} ${problemOf(issue)}`, {
      value,
      ...details,
      ...(quote && { nearest: `"${String(found)}", in quotes` }),
    });
  }
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['object', 'is no map of keys'],
  ['array', 'is no list'],
  ['string', 'is no text'],
  ['boolean', 'is neither true nor false'],
]);

function problemOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'custom':
      return issue.message;
    case 'invalid_type':
      return TYPES.get(issue.expected) ?? 'is of the wrong kind';
    case 'too_small':
      return issue.origin === 'array' ? 'is an empty list, which nothing can match' : 'is empty';
    case 'too_big':
      return `is longer than ${issue.maximum} characters`;
    default:
      return 'is not allowed here';
  }
}

/** What the schema's own checks say is allowed, and meant. */
function allowedBy(issue: z.core.$ZodIssue): { readonly allowed?: string; readonly nearest?: string } {
  if (issue.code === 'invalid_value') return { allowed: issue.values.map(String).join(', ') };
  if (issue.code !== 'custom') return {};
  const allowed: unknown = issue.params?.['allowed'];
  const nearest: unknown = issue.params?.['nearest'];
  return {
    ...(typeof allowed === 'string' && { allowed }),
    ...(typeof nearest === 'string' && { nearest }),
  };
}

/** For a value of another kind than the one that belongs there. */
function kindMeant(issue: z.core.$ZodIssue, path: Path, found: unknown): FaultDetails {
  if (issue.code !== 'invalid_type') return {};
  if (issue.expected === 'boolean') return flagMeant(found);
  return issue.expected === 'object' ? mapMeant(path, found) : {};
}

/** For words of an open list, which the schema hands along. */
function nearestOf(issue: z.core.$ZodIssue, found: unknown): { readonly nearest?: string } {
  const words: unknown = issue.code === 'custom' ? issue.params?.['words'] : undefined;
  if (!Array.isArray(words) || typeof found !== 'string') return {};
  const nearest = nearestWord(found, words.map(String));
  return nearest === undefined ? {} : { nearest };
}

function isBare(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}
