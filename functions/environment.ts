import type * as z from 'zod';
import { nearestWord } from '../shared/policy/nearest.ts';

/** Every fault of the settings, one a line. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  constructor(faults: readonly string[]) {
    super(`the settings cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}

/** The environment as the machine has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads one function's settings from the environment, all faults at once. What is set to nothing is unset.
 *
 * @param schema one field for each setting, named like it
 * @param others settings of the other functions, which may share the environment
 * @throws SettingsError
 */
export function readEnvironment<Schema extends z.ZodObject>(
  schema: Schema,
  others: readonly string[],
  environment: Environment,
): z.infer<Schema> {
  const entries = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '');
  const given = Object.fromEntries(entries);
  const parsed = schema.safeParse(given);
  const known = [...Object.keys(schema.shape), ...others];
  const faults = [
    ...misspelled(given, known),
    ...(parsed.error?.issues.map((issue) => faultOf(issue, given)) ?? []),
  ];
  if (!parsed.success || faults.length > 0) throw new SettingsError(faults);
  return parsed.data;
}

/** A misspelled setting would silently be without effect. */
function misspelled(given: Readonly<Record<string, unknown>>, known: readonly string[]): readonly string[] {
  return Object.keys(given)
    .filter((key) => key.startsWith('WATCHDOG_') && !known.includes(key))
    .map((key) => {
      const nearest = nearestWord(key, known);
      return `${key} is no setting${nearest ? `; did you mean ${nearest}?` : `; known are ${known.join(', ')}`}`;
    });
}

function faultOf(issue: z.core.$ZodIssue, given: Readonly<Record<string, unknown>>): string {
  const key = String(issue.path[0]);
  const value = given[key];
  return value === undefined
    ? `${key} ${issue.message}`
    : `${key} is ${JSON.stringify(value)}: ${issue.message}`;
}
