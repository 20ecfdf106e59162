import type { Break } from './break.ts';
import { LISTS_AND_MESSAGES } from './lists-and-messages.ts';
import { MONEY_AND_MATCHES } from './money-and-matches.ts';
import { PURGES } from './purges.ts';
import { RETRIES } from './retries.ts';
import { RULES } from './rules.ts';
import { SECTIONS } from './sections.ts';

/** Each rule that applies, broken on purpose; docs/worlds.md says what catches each. */
export const BREAKS: readonly Break[] = [
  ...RULES,
  ...SECTIONS,
  ...MONEY_AND_MATCHES,
  ...LISTS_AND_MESSAGES,
  ...RETRIES,
  ...PURGES,
];
