import { namedErrors } from './named-errors.ts';
import { noCasts } from './no-casts.ts';
import { noMachine } from './no-machine.ts';
import { noVagueNames } from './no-vague-names.ts';
import { nothingLeftBehind } from './nothing-left-behind.ts';
import { realModulesInTests } from './real-modules-in-tests.ts';
import { redactedStays } from './redacted-stays.ts';
import type { Rule } from './rule.ts';
import { schemaAndType } from './schema-and-type.ts';
import { shortFiles } from './short-files.ts';
import { staticLogMessages } from './static-log-messages.ts';

/** The rules that a script can hold; CONTRIBUTING.md says what they are for. */
export const ALL_RULES: readonly Rule[] = [
  noMachine,
  staticLogMessages,
  redactedStays,
  namedErrors,
  noCasts,
  schemaAndType,
  shortFiles,
  noVagueNames,
  nothingLeftBehind,
  realModulesInTests,
];
