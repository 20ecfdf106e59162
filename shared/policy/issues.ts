import type * as z from 'zod';
import { EDITIONS } from '../cost/price-table.ts';
import type { FaultDetails, Faults } from './fault.ts';
import { flagMeant, mapMeant, modeMeant } from './hints.ts';
import { keyPlace, type Located, type Path, placeOf, valueAt } from './located.ts';
import { nearestWord } from './nearest.ts';
import {
  BreakerEntry,
  LimitEntry,
  LocationPricesEntry,
  PolicyEntry,
  PolicyFile,
  SelectorEntry,
} from './policy.schema.ts';
import { BackoffEntry, CapsEntry, GuardsEntry, RetryEntry } from './retry.schema.ts';

/**
 * Tells zod's issues as faults of the file: with their place, the value, what is allowed, and the nearest
 * valid word.
 *
 * @param path where in the file the value stands that the schema was given
 */
export function tellIssues(
  issues: readonly z.core.$ZodIssue[],
  root: Located,
  path: Path,
  faults: Faults,
): void {
  for (const issue of issues) tellIssue(issue, root, [...path, ...issue.path], faults);
}

function tellIssue(issue: z.core.$ZodIssue, root: Located, path: Path, faults: Faults): void {
  const thing = nameOf(root, path);
  const place = placeOf(root, path);
  const found = valueAt(root, path);
  const value = describe(found);
  if (issue.code === 'unrecognized_keys') {
    const known = keysOf(path);
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
    const where = nameOf(root, path.slice(0, -1));
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

/** `limit.runtime of policy "interactive-runtime"`, `breaker.share`, `the file`. */
export function nameOf(root: Located, path: Path): string {
  const [first, index, ...inside] = path;
  const policy = first === 'policies' && typeof index === 'number' ? policyName(root, index) : undefined;
  const keys = (policy === undefined ? path : inside)
    .filter((step) => typeof step === 'string')
    .map((key) => (key === '' ? '""' : key));
  if (keys.length === 0) return policy ?? 'the file';
  return policy === undefined ? keys.join('.') : `${keys.join('.')} of ${policy}`;
}

function policyName(root: Located, index: number): string {
  const name = valueAt(root, ['policies', index, 'name']);
  return typeof name === 'string' ? `policy ${describe(name)}` : `policy number ${index + 1}`;
}

/** The keys that a map at this path may have. */
function keysOf(path: Path): readonly string[] {
  if (path[0] === 'pricing')
    return path.at(-1) === 'usdPerSlotHour' ? EDITIONS : Object.keys(LocationPricesEntry.shape);
  switch (path.findLast((step) => typeof step === 'string')) {
    case undefined:
      return Object.keys(PolicyFile.shape);
    case 'match':
    case 'except':
      return Object.keys(SelectorEntry.shape);
    case 'limit':
      return Object.keys(LimitEntry.shape);
    case 'breaker':
      return Object.keys(BreakerEntry.shape);
    case 'retry':
      return Object.keys(RetryEntry.shape);
    case 'backoff':
      return Object.keys(BackoffEntry.shape);
    case 'guards':
      return Object.keys(GuardsEntry.shape);
    case 'caps':
      return Object.keys(CapsEntry.shape);
    default:
      return Object.keys(PolicyEntry.shape);
  }
}

function isBare(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

const MAX_SHOWN = 60;

/** A value as a message shows it. */
function describe(value: unknown): string {
  if (value === null) return 'an empty value';
  if (Array.isArray(value)) return value.length === 0 ? '[]' : 'a list';
  if (typeof value === 'string') {
    return JSON.stringify(value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value);
  }
  if (typeof value !== 'object') return String(value);
  return Object.keys(value).length === 0 ? '{}' : 'a map';
}
