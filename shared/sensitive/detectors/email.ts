import topLevelDomains from 'tlds' with { type: 'json' };
import { allMatches } from '../all-matches.ts';
import type { Detector } from '../detector.ts';

/** Between letters, at least. */
const AT = /(?:@|%40)(?<=[\p{L}\p{N}_+-](?:@|%40))(?=[\p{L}\p{N}])/gu;

/** RFC 5321: at most 64 and 255 characters. */
const LONGEST_LOCAL = 64;
const LONGEST_DOMAIN = 255;

/** Before it neither a pattern's `%` nor more of a word. */
const LOCAL = /(?<![\p{L}\p{N}._%+*-])[\p{L}\p{N}_](?:[\p{L}\p{N}._+'-]*[\p{L}\p{N}_+-])?$/u;
const DOMAIN = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+([\p{L}][\p{L}\p{N}-]+)/u;

const TOP_LEVEL: ReadonlySet<string> = new Set(topLevelDomains);

/** Programs, not people: Google's service accounts, and the user of every Git server. */
const OF_PROGRAMS = /gserviceaccount\.com$/i;
const GIT = 'git';

/** Addresses under a domain of the internet that may be a person's. */
export const email: Detector = {
  name: 'email',
  finds({ text }) {
    for (const { 0: at, index } of allMatches(text, AT)) {
      const local = LOCAL.exec(text.slice(Math.max(0, index - LONGEST_LOCAL - 1), index))?.[0];
      if (local === undefined || local === GIT || isPassword(text, index - local.length)) continue;
      const after = index + at.length;
      const [domain, topLevel] = DOMAIN.exec(text.slice(after, after + LONGEST_DOMAIN)) ?? [];
      if (domain === undefined || topLevel === undefined || OF_PROGRAMS.test(domain)) continue;
      if (TOP_LEVEL.has(topLevel.toLowerCase())) return true;
    }
    return false;
  },
};

/** In `scheme://user:password@host` what stands before the `@` is another detector's. */
function isPassword(text: string, at: number): boolean {
  return /\w:\/\/[^\s/@]*:$/.test(text.slice(Math.max(0, at - 2 * LONGEST_LOCAL), at));
}
