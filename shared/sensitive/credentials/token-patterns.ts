/** What a secret of one maker looks like, or of one standard. */
export interface TokenPattern {
  /** Cheap to look for, and in every text that the pattern matches. */
  readonly clue: RegExp;
  /** Linear: no run of characters without a bound. */
  readonly pattern: RegExp;
}

/** Not within a longer word. */
const START = '(?<![A-Za-z0-9])';
const END = '(?![A-Za-z0-9])';

function token(clue: RegExp, body: string): TokenPattern {
  return { clue, pattern: new RegExp(`${START}(?:${body})${END}`, 'g') };
}

/** What the library's rules do not look for, or only in files, or in one length: each within one long word. */
export const WORD_PATTERNS: readonly TokenPattern[] = [
  // Google: API keys, access and refresh tokens, OAuth client secrets, HMAC keys of Cloud Storage.
  token(/AIza/, 'AIza[\\w-]{35}'),
  token(/ya29\./, 'ya29\\.[\\w.-]{20,2048}'),
  token(/1\/\/0/, '1//0[\\w-]{30,512}'),
  token(/GOCSPX-/, 'GOCSPX-[\\w-]{20,64}'),
  token(/GOOG/, 'GOOG1E[A-Z0-9]{50,64}|GOOG1[A-Z0-9]{19,20}|GOOG[A-Z0-9]{20}'),
  token(/PuTTY-User/, 'PuTTY-User-Key-File-\\d'),
  token(/AGE-SECRET-KEY-1/, 'AGE-SECRET-KEY-1[A-Z0-9]{40,64}'),
  // JSON Web Tokens, signed or encrypted. Only at the start of a word: from within one, none would be linear.
  {
    clue: /eyJ/,
    pattern:
      /(?<![\w-])eyJ[\w-]{8,2048}(?:\.eyJ[\w-]{8,16384}\.[\w-]{8,4096}|(?:\.[\w-]{8,16384}){4})(?![A-Za-z0-9])/g,
  },
  // GitHub and GitLab, in any length they may come to; other registries of code.
  token(/gh[pousr]_/, 'gh[pousr]_[A-Za-z0-9]{36,255}'),
  token(/github_pat_/, 'github_pat_\\w{22,255}'),
  token(
    /gl(?:pat|dt|rt|soat|ft|imt|agent|oas|cbt)-/,
    'gl(?:pat|dt|rt|soat|ft|imt|agent|oas|cbt)-[\\w.-]{20,128}',
  ),
  token(/pypi-AgE/, 'pypi-AgE[\\w-]{50,1024}'),
  // Slack's others, and webhooks: who knows the address may write.
  token(/xox[a-z][.-]/, 'xox[a-z](?:\\.xox[a-z])?-[\\w-]{10,512}'),
  token(/webhook/, '(?:discord|discordapp)\\.com/api/webhooks/\\d{15,21}/[\\w-]{50,100}'),
  token(/webhook/, '[\\w-]{1,63}\\.webhook\\.office\\.com/webhookb2/[\\w@/-]{40,300}'),
  // Makers of models, of messages, of clouds.
  token(/sk-/, 'sk-(?:[a-z]{2,10}-){0,2}(?=[\\w-]{0,200}\\d)(?=[\\w-]{0,200}[A-Z])[\\w-]{32,256}'),
  token(/SG\./, 'SG\\.[\\w-]{16,32}\\.[\\w-]{32,64}'),
  token(/SK[0-9a-f]{8}/, 'SK[0-9a-f]{32}'),
  token(/key-[0-9a-f]{8}/, 'key-[0-9a-f]{32}'),
  token(/:AA/, '\\d{8,10}:AA[\\w-]{32,34}'),
  token(/8Q~/, '[\\w.~-]{3}8Q~[\\w.~-]{31,34}'),
  token(/do[opr]_v1_/, 'do[opr]_v1_[0-9a-f]{64}'),
  token(/ATATT3|ATCTT3/, 'AT[AC]TT3[\\w=-]{60,512}'),
  token(/EAACEdEose0cBA/, 'EAACEdEose0cBA[A-Za-z0-9]{20,512}'),
  // Signatures that make an address open what it points to, for whoever has it.
  { clue: /[xX]-[gG]oog-[sS]ignature/, pattern: /X-Goog-Signature(?:=|%3D)[0-9a-f]{32}/gi },
  {
    clue: /[xX]-[aA]mz-[sS]/,
    pattern: /X-Amz-(?:Signature(?:=|%3D)[0-9a-f]{32}|Security-Token(?:=|%3D)[\w%+/=-]{40})/gi,
  },
  { clue: /[sS]ignature(?:=|%3[dD])/, pattern: /[?&;]Signature(?:=|%3D)[A-Za-z0-9%+/=_~-]{20}/gi },
  { clue: /[sS]ig(?:=|%3[dD])/, pattern: /[?&;]sig(?:=|%3D)[A-Za-z0-9%+/=_-]{20}/gi },
];

/**
 * What has more than words in it. A clue that is nothing but a literal V8 looks for letter by letter; one with a class
 * in it, from the back and with leaps, which is faster by far.
 */
export const TEXT_PATTERNS: readonly TokenPattern[] = [
  // Keysets of Tink, which BigQuery's AEAD functions take as JSON.
  {
    clue: /[kK]eyData/,
    pattern:
      /keyData\\{0,2}["']\s{0,20}:\s{0,20}\{[^{}]{0,300}?value\\{0,2}["']\s{0,20}:\s{0,20}\\{0,2}["'][A-Za-z0-9+/=_-]{16,}/g,
  },
  // Private keys: in PEM, of OpenSSH and PGP, whole or cut, in one line or many.
  {
    clue: /PRIVAT[E] KEY/,
    pattern:
      /-----BEGIN (?:[A-Z0-9]{2,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----[^A-Za-z0-9+/]{0,80}(?:(?:Proc-Type|DEK-Info|Version|Comment|Hash):[^\n]{0,80}\n\s{0,8}){0,4}[A-Za-z0-9+/=]{20}/g,
  },
];
