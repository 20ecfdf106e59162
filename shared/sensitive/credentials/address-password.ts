import { allMatches } from '../all-matches.ts';
import { isPlaceholderValue } from './placeholders.ts';

/** `scheme://user:password@host`, whatever the scheme; a user is not always there. */
const ADDRESS = /:\/\/([^\s:/@'"`<>()]{0,128}):([^\s/@'"`<>]{3,128}?)(?:@|%40)[\w[$]/g;

/** The same within another address. */
const ENCODED =
  /%3[aA]%2[fF]%2[fF]([^\s:/@'"`<>()]{0,128}?)(?::|%3[aA])([^\s/@'"`<>]{3,128}?)(?:@|%40)[\w[$]/g;

/** Whether an address carries a password. */
export function hasAddressWithPassword(text: string): boolean {
  return carries(text, ADDRESS) || carries(text, ENCODED);
}

function carries(text: string, address: RegExp): boolean {
  for (const [, user = '', password = ''] of allMatches(text, address)) {
    // Samples often say the same twice: `guest:guest`.
    if (user !== password && !isPlaceholderValue(password)) return true;
  }
  return false;
}
