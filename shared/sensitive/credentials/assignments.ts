import { allMatches } from '../all-matches.ts';
import type { JobText } from '../detector.ts';
import { isLikelyAfterColon, isLikelyBare, isLikelyQuoted, isNoColumn } from './likely-secret.ts';
import { isPlaceholderValue } from './placeholders.ts';
import { kindOfName, matchAt, type SecretName, secretNames } from './secret-names.ts';
import { SqlCode } from './sql-code.ts';

/** A name's own quotes, in which it may stand: `"password"`, `\\"password\\"`, `` `password` ``. */
const CLOSED = '(?:\\\\{0,3}["\'`\\]]){0,3}';
const SPACE = '\\s{0,8}';

/** In quotes of either kind, single, doubled (in a literal within a literal) or tripled. */
const QUOTED = `[rb]{0,2}\\\\{0,3}(?:"{1,3}(?<double>[^"\\n]{1,256})"|'{1,3}(?<single>[^'\\n]{1,256})')`;

/** What makes another form of a literal: in the end the literal is the secret. */
const WRAPPED =
  '(?:(?:(?:safe_)?cast|from_hex|from_base64|to_hex|to_base64|md5|sha1|sha256|sha512)\\s{0,2}\\(\\s{0,4}){0,2}';

/** `=`, `:`, `=>`, `:=`, `==`, `IN (`, `STRING DEFAULT`. */
const ASSIGNS = `(?:${SPACE}(?::=|=>|={1,3}|:)${SPACE}\\(?|\\s{1,8}in\\s{0,4}\\(|\\s{1,8}(?:string(?:\\(\\d{1,4}\\))?\\s{1,8})?default\\s{1,8})`;

const QUOTED_VALUE = new RegExp(`${CLOSED}${ASSIGNS}${SPACE}${WRAPPED}${QUOTED}`, 'iy');

/** `password 'x'`, as databases other than BigQuery have it. */
const SAID = new RegExp(`\\s{1,8}${QUOTED}`, 'iy');
const IDENTIFIED = new RegExp(`(?<!\\w)identified\\s{1,8}by\\s{1,8}${QUOTED}`, 'gi');

/** `--password x`, of a command. */
const OPTION = /[ =]{1,2}(?<bare>[^\s"'`<>;|(){}]{4,256})/y;
const BEFORE_OPTION = /(?:^|\s)--[\w-]{0,32}$/;

/** `'x' AS password`: masks are often written so, and must not be taken for a secret. */
const AS = /\sas\s{1,8}`?\w{0,32}$/i;
const CALLED = /(?:"([^"\n]{6,256})"|'([^'\n]{6,256})')\s{1,8}as\s{1,8}`?\w{0,32}$/i;
const CALLED_WITHIN = 320;
const AS_WITHIN = 48;

/** `password=x`, `password: x`, `the password is x`, as in addresses, connection strings, files and comments; `<password>x</password>`. */
const BARE = new RegExp(
  `${CLOSED}(?:(?<sign>[ \\t]{0,3}(?::=|=>|={1,2}|:|%3D|(?<=[ \\t])is:?(?=[ \\t]))[ \\t]{0,3})|(?<tag>>))(?<bare>[^\\s"'\`<>,;&|(){}[\\]]{4,256})(?<next>[([<]?)`,
  'iy',
);

const AS_IN_PROSE = /:\s*$|is/i;

/** What stands beside a password in a connection string, where any word is one. */
const CONNECTION =
  /(?:server|host|data source|user ?id|uid|user(?:name)?|dbname|database|initial catalog|port|dsn)\s?=/i;
const CONNECTION_WITHIN = 120;

/** Its closing quote, or what assigns; and not a comma, say. */
const MAY_FOLLOW = new Set([...'\\"\'`]', ...' \t\n\r\u00a0', ...'=:>%']);

/** Whether a secret stands beside its name: `password = 'x'`, `"api_key": "x"`, `Server=…;Pwd=x`, `'x' AS secret`. */
export function hasAssignedSecret({ text, name, isSql }: JobText): boolean {
  const kind = name === undefined ? undefined : kindOfName(name);
  if (kind !== undefined && isLikelyQuoted(text, kind)) return true;
  const bare: SecretName[] = [];
  for (const one of secretNames(text)) {
    if (isCalled(text, one)) return true;
    if (!MAY_FOLLOW.has(text.charAt(one.end))) continue;
    if (hasQuoted(text, one)) return true;
    bare.push(one);
  }
  return hasBare(text, bare, isSql) || hasIdentified(text);
}

function hasQuoted(text: string, { kind, end }: SecretName): boolean {
  const assigned = matchAt(QUOTED_VALUE, text, end);
  if (assigned !== undefined && isLikelyQuoted(valueIn(assigned), kind)) return true;
  const said = matchAt(SAID, text, end);
  return said !== undefined && isLikelyBare(valueIn(said));
}

function isCalled(text: string, { start }: SecretName): boolean {
  if (!AS.test(text.slice(Math.max(0, start - AS_WITHIN), start))) return false;
  const before = text.slice(Math.max(0, start - CALLED_WITHIN), start);
  const [, double = '', single = double] = CALLED.exec(before) ?? [];
  return isLikelyBare(single);
}

/** What stands without quotes is a secret only where it is no name of a column. */
function hasBare(text: string, names: readonly SecretName[], isSql: boolean): boolean {
  const code = isSql ? new SqlCode(text) : undefined;
  return names
    .toSorted((one, other) => one.start - other.start)
    .some((name) => {
      const bare = bareAfter(text, name);
      return bare !== undefined && (isNoColumn(bare) || code?.isCode(name.start) !== true);
    });
}

/** The value after a name, if it looks like a secret. */
function bareAfter(text: string, { kind, start, end }: SecretName): string | undefined {
  const option = matchAt(OPTION, text, end)?.groups?.['bare'];
  const isOption = option !== undefined && BEFORE_OPTION.test(text.slice(Math.max(0, start - 40), start));
  if (isOption && isLikelyBare(option)) return option;
  const { bare = '', sign = '', tag, next } = matchAt(BARE, text, end)?.groups ?? {};
  // `password = SHA256(x)`, `password = cfg["x"]`; a tag has an end.
  if (tag === undefined ? next === '(' || next === '[' : next !== '<') return undefined;
  if (AS_IN_PROSE.test(sign) ? isLikelyAfterColon(bare, kind) : isLikelyBare(bare)) return bare;
  if (kind !== 'password' || (sign !== '=' && sign !== '%3D')) return undefined;
  const around = text.slice(Math.max(0, start - CONNECTION_WITHIN), end + CONNECTION_WITHIN);
  return CONNECTION.test(around) && isPlainPassword(bare) ? bare : undefined;
}

function isPlainPassword(value: string): boolean {
  return !isPlaceholderValue(value) && !/^\w+\.\w+/.test(value);
}

/** `CREATE USER … IDENTIFIED BY 'x'`, of other databases. */
function hasIdentified(text: string): boolean {
  for (const found of allMatches(text, IDENTIFIED))
    if (isLikelyQuoted(valueIn(found), 'password')) return true;
  return false;
}

/** Without the backslash that kept its closing quote. */
function valueIn({ groups }: RegExpExecArray): string {
  return (groups?.['double'] ?? groups?.['single'] ?? '').replace(/\\+$/, '');
}
