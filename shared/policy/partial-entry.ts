import * as z from 'zod';
import type { Path } from './located.ts';
import { PolicyEntry } from './policy.schema.ts';

/** What could be read of a policy. */
export interface PartialEntry {
  /** What is well formed; whatever has a fault is left out, a list with one whole. */
  readonly entry: PolicyEntry;
  /**
   * Whether `entry` has all that was written at this path (the whole policy without one). Not so where something at
   * or below it has a fault; nor where nothing stands there and an unknown key beside it may be meant for it.
   */
  isSure(...path: Path): boolean;
}

/** What is well formed may still make something empty, which is the next round's to leave out. */
const ROUNDS = 5;

/** A policy without a name of its own is named by its number. */
const Nameable = PolicyEntry.extend({ name: z.string() });

/**
 * Reads as much of a policy as has no fault, so that one fault hides no other. Undefined: nothing of it can be read.
 *
 * @param name stands in for one that is no text
 */
export function readPartly(
  value: unknown,
  issues: readonly z.core.$ZodIssue[],
  name: string,
): PartialEntry | undefined {
  if (!isMap(value)) return undefined;
  const doubts: Doubt[] = [];
  let rest: unknown = listedExcepts({
    ...value,
    name: typeof value['name'] === 'string' ? value['name'] : name,
  });
  let found = issues;
  for (let round = 0; round < ROUNDS; round++) {
    for (const issue of found) {
      doubts.push(doubtOf(issue));
      for (const path of faultyPaths(issue)) rest = without(rest, path);
    }
    const parsed = Nameable.safeParse(rest);
    if (parsed.success) return partialEntry(parsed.data, doubts);
    found = parsed.error.issues;
  }
  return undefined;
}

/** Something that is not as it was written. `open`: a map with an unknown key, which is meant for some known one. */
interface Doubt {
  readonly kind: 'left-out' | 'open';
  readonly path: Path;
}

function doubtOf(issue: z.core.$ZodIssue): Doubt {
  if (issue.code === 'unrecognized_keys') return { kind: 'open', path: issue.path };
  return { kind: 'left-out', path: wholeList(issue.path) };
}

function faultyPaths(issue: z.core.$ZodIssue): readonly Path[] {
  // A name that is none still names the policy in messages.
  if (issue.path[0] === 'name') return [];
  if (issue.code !== 'unrecognized_keys') return [wholeList(issue.path)];
  return issue.keys.map((key) => [...issue.path, key]);
}

/** Half a list would say what its owner did not; each `except` stands for itself. */
function wholeList(path: Path): Path {
  const end = path.findIndex((step, at) => typeof step === 'number' && path[at - 1] !== 'except');
  return end < 0 ? path : path.slice(0, end);
}

function partialEntry(entry: PolicyEntry, doubts: readonly Doubt[]): PartialEntry {
  return {
    entry,
    isSure: (...path) =>
      doubts.every((doubt) => {
        if (isWithin(doubt.path, path)) return false;
        if (!isWithin(path, doubt.path)) return true;
        return doubt.kind === 'open' && stands(entry, path);
      }),
  };
}

/** Whether the inner path begins with all of the outer. */
function isWithin(inner: Path, outer: Path): boolean {
  return outer.every((step, at) => inner[at] === step);
}

function stands(value: unknown, [step, ...rest]: Path): boolean {
  if (step === undefined) return value !== undefined;
  if (Array.isArray(value)) return typeof step === 'number' && stands(value[step], rest);
  return isMap(value) && typeof step === 'string' && stands(value[step], rest);
}

function without(value: unknown, [step, ...rest]: Path): unknown {
  if (Array.isArray(value)) {
    const left = (item: unknown): unknown => (rest.length === 0 ? {} : without(item, rest));
    return value.map((item, at) => (at === step ? left(item) : item));
  }
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      if (key !== step) return [[key, inner]];
      return rest.length === 0 ? [] : [[key, without(inner, rest)]];
    }),
  );
}

/** As the schema reads it: one `except` is a list of one. */
function listedExcepts(policy: Readonly<Record<string, unknown>>): unknown {
  const { except } = policy;
  return except === undefined || Array.isArray(except) ? policy : { ...policy, except: [except] };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
