import { isPlaceholderValue } from './placeholders.ts';
import type { SecretKind } from './secret-names.ts';

const LETTER = /\p{L}/u;
const DIGIT_OR_SIGN = /[\d!@#$%^&*+?~]/;

/** `prod-db-secret-v2`: what a secret is called where it is kept. */
const CALLED = /^[a-z]{2,}(?:[-_.:/](?:[a-z]+|v?\d{1,4}))+$/i;
const MEMBER = /^[A-Za-z_$][\w$]*(?:\??\.#?[\w$]+)+$/;
const CONSTANT = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;
const DATE = /^\d{4}-\d\d-\d\d(?:$|[T ])/;

/** Words that make a sentence of what would else be a passphrase. */
const SENTENCE =
  /\b(?:the|an?|of|is|are|be|must|may|for|to|in|on|at|has|have|was|not|no|and|or|by|with|from|user|field|column|see|ask|use)\b/i;

const SHORTEST_PASSWORD = 4;
const SHORTEST_SECRET = 6;
const LONG_SECRET = 16;
const LEAST_AFTER_COLON = 12;
const LONG_TOKEN = 20;

/** Whether what stands in quotes after the name of a secret is one. */
export function isLikelyQuoted(value: string, kind: SecretKind): boolean {
  if (isPlaceholderValue(value) || DATE.test(value)) return false;
  if (/\s/.test(value)) return kind === 'password' && isPassphrase(value);
  if (MEMBER.test(value) && /passw|pwd|secret|config|env/i.test(value)) return false;
  return kind === 'password' ? value.length >= SHORTEST_PASSWORD : isMixed(value);
}

/** Whether what stands without quotes after the name of a secret is one: it has to look like it. */
export function isLikelyBare(value: string): boolean {
  const bare = value.replace(/[.,:;!?*]+$/, '');
  if (isPlaceholderValue(bare) || DATE.test(bare) || MEMBER.test(bare) || CONSTANT.test(bare)) return false;
  return !bare.startsWith('\\') && isMixed(bare);
}

/** After a colon prose may follow: `encryption key: AES256 …`. */
export function isLikelyAfterColon(value: string, kind: SecretKind): boolean {
  if (!isLikelyBare(value)) return false;
  return kind === 'password' || (value.length >= LEAST_AFTER_COLON && /\d.*\d/.test(value));
}

/**
 * Whether it is one even where GoogleSQL has names of columns: no column is called so. Who pastes a file into the
 * console by mistake has a job that failed, and the file in it.
 */
export function isNoColumn(value: string): boolean {
  if (/\w[!@]\w/.test(value) || /^[0-9a-f]{32,}$/i.test(value)) return true;
  return (
    value.length >= LONG_TOKEN &&
    /^[A-Za-z0-9+/=-]+$/.test(value) &&
    /\d.*\d/.test(value) &&
    isMixedCase(value)
  );
}

function isMixedCase(value: string): boolean {
  return /[A-Z]/.test(value) && /[a-z]/.test(value);
}

/** Letters and something else; or letters only, with more capitals among them than names of code have. */
function isMixed(value: string): boolean {
  if (value.length < SHORTEST_SECRET || !LETTER.test(value) || CALLED.test(value)) return false;
  return DIGIT_OR_SIGN.test(value) || isWild(value);
}

function isWild(value: string): boolean {
  if (value.length < LONG_SECRET || !/^[A-Za-z+/=]+$/.test(value)) return false;
  const capitals = value.replaceAll(/[^A-Z]/g, '').length / value.length;
  return capitals > 0.25 && capitals < 0.75;
}

function isPassphrase(value: string): boolean {
  return value.split(/\s+/).length <= 6 && !SENTENCE.test(value) && !/[.:;,]\s|\.$/.test(value);
}
