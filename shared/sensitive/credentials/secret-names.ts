import { allMatches } from '../all-matches.ts';
/** `password`: whatever is assigned to it is one. `secret`: what is assigned to it is one if it looks so. */
export type SecretKind = 'password' | 'secret';

/** Where a text names a secret. */
export interface SecretName {
  readonly kind: SecretKind;
  /** Where the word begins that says so; more of the name may stand before it. */
  readonly start: number;
  /** Where the name ends. */
  readonly end: number;
}

/** The telling words. What makes a common one tell stands behind it, so that V8 can leap from one to the next. */
const WORDS: readonly RegExp[] = [
  /secret(?![_-]?(?:key|token))|(?<password>pass(?:w(?:or)?d|wort|[_-]?phrase|(?<=(?:db|sql|pg|user|admin|root|ftp|smtp|redis)[_-]?pass)(?![A-Za-z]))|pwd)/gi,
  /key(?<=(?:api|app|auth|access|account|secret|service|storage|encryption|signing|master|hmac|license|private)[_-]?key)/gi,
  /token(?<=(?:api|app|auth|access|refresh|bearer|oauth|security|session|secret|personal|id|bot|deploy)[_-]?token)/gi,
];

/** `password_value`, `secret2`; then the name is at its end. */
const REST = /(?:[_-]?(?:value|text|string|plain|\d{1,2}))?(?![A-Za-z0-9_])/y;

/** The names of secrets in a text; those with the same words from left to right. */
export function* secretNames(text: string): Generator<SecretName> {
  for (const words of WORDS) {
    for (const { 0: found, index: start, groups } of allMatches(text, words)) {
      REST.lastIndex = start + found.length;
      if (!REST.test(text)) continue;
      yield { kind: groups?.['password'] === undefined ? 'secret' : 'password', start, end: REST.lastIndex };
    }
  }
}

/** What a name says that it is the name of. */
export function kindOfName(name: string): SecretKind | undefined {
  for (const { kind, end } of secretNames(name)) if (end === name.length) return kind;
  return undefined;
}

/** What a sticky pattern matches at a place. */
export function matchAt(sticky: RegExp, text: string, at: number): RegExpExecArray | undefined {
  sticky.lastIndex = at;
  return sticky.exec(text) ?? undefined;
}
