import { hasAddressWithPassword } from '../credentials/address-password.ts';
import { anyClue } from '../credentials/any-clue.ts';
import { hasAssignedSecret } from '../credentials/assignments.ts';
import { hasAuthorization } from '../credentials/authorization.ts';
import { LIBRARY_RULES, type LibraryRule } from '../credentials/library-rules.ts';
import { longWords } from '../credentials/long-words.ts';
import { isPlaceholderToken } from '../credentials/placeholders.ts';
import { TEXT_PATTERNS, type TokenPattern, WORD_PATTERNS } from '../credentials/token-patterns.ts';
import type { Detector } from '../detector.ts';

/** What opens something for whoever has it: passwords, keys, tokens, signed addresses. */
export const credentials: Detector = {
  name: 'credentials',
  finds(given) {
    const { text } = given;
    return (
      hasLongSecret(text) ||
      hasAuthorization(text) ||
      hasAddressWithPassword(text) ||
      hasAssignedSecret(given)
    );
  },
};

const RULES_OF_WORDS = LIBRARY_RULES.filter(({ isOfWords }) => isOfWords);
const RULES_OF_TEXT = LIBRARY_RULES.filter(({ isOfWords }) => !isOfWords);
const mayHoldToken = anyClue([...WORD_PATTERNS, ...RULES_OF_WORDS].flatMap(({ clue }) => clue ?? []));

/** Whatever is known by its own form has a long word in it: without one nothing else is looked for. */
function hasLongSecret(text: string): boolean {
  const words = longWords(text);
  if (words === '') return false;
  if (mayHoldToken(words) && (hasToken(words, WORD_PATTERNS) || breaksRule(words, RULES_OF_WORDS)))
    return true;
  return hasToken(text, TEXT_PATTERNS) || breaksRule(text, RULES_OF_TEXT);
}

function hasToken(text: string, patterns: readonly TokenPattern[]): boolean {
  return patterns.some(
    ({ clue, pattern }) =>
      clue.test(text) && text.matchAll(pattern).some(([found]) => !isPlaceholderToken(found)),
  );
}

function breaksRule(text: string, rules: readonly LibraryRule[]): boolean {
  return rules.some(({ clue, finds }) => (clue === undefined || clue.test(text)) && finds(text));
}
