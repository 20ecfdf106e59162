import * as z from 'zod';
import { AmountError } from '../units/errors.ts';

// What the shapes of the policy file are made of. What is wrong and what is allowed travel in the issue, to be told
// with the place.

const MAX_TEXT = 256;
const MAX_ACTS = 10_000;

/** A value that a parser reads which throws `AmountError`, as those of `units` do. */
export function amount<Read = number>(parse: (text: string) => Read, forms?: string) {
  return z.unknown().transform((value, context) => {
    try {
      // YAML reads a bare 30 as a number. Other values have no text of their own (a map may hold a key `toString`).
      return parse(typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '');
    } catch (error) {
      if (!(error instanceof AmountError)) throw error;
      const { problem, allowed, nearest } = error;
      context.addIssue({ code: 'custom', message: problem, params: { allowed: forms ?? allowed, nearest } });
      return z.NEVER;
    }
  });
}

/** A single value stands for a list of one. An empty list matches nothing, which nobody means. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(item).min(1));
}

export const Text = z.string().min(1).max(MAX_TEXT);

/** Text of one form. */
export function formed(pattern: RegExp, problem: string, allowed: string, words: readonly string[] = []) {
  return z.string().refine((text) => pattern.test(text), { error: problem, params: { allowed, words } });
}

export const Labels = z.unknown().transform((value, context): ReadonlyMap<string, string> => {
  const labels = new Map<string, string>();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    context.addIssue({ code: 'custom', message: 'is no map', params: { allowed: '{ key: value }' } });
    return labels;
  }
  if (Object.keys(value).length === 0) {
    context.addIssue({ code: 'custom', message: 'is an empty map, which asks nothing' });
  }
  // Not a zod record: that passes over a key named `__proto__`, which is a label like any other.
  for (const [key, label] of Object.entries(value)) {
    const text = Text.safeParse(label);
    if (text.success) labels.set(key, text.data);
    else for (const issue of text.error.issues) context.addIssue({ ...issue, path: [key], input: label });
  }
  return labels;
});

/** A number from `least` to `most`. */
export function numberWithin(
  { least, most, whole = true }: { readonly least: number; readonly most: number; readonly whole?: boolean },
  { problem, allowed }: { readonly problem: string; readonly allowed: string },
) {
  return z.unknown().transform((value, context) => {
    const fits = typeof value === 'number' && value >= least && value <= most;
    if (fits && (!whole || Number.isInteger(value))) return value;
    context.addIssue({ code: 'custom', message: problem, params: { allowed } });
    return z.NEVER;
  });
}

/** So many numbered slots the ledger has for a budget. */
export const Acts = numberWithin(
  { least: 1, most: MAX_ACTS },
  {
    problem: 'is no number of acts',
    allowed: `a whole number from 1 to ${MAX_ACTS}; to do nothing write "mode: observe"`,
  },
);
