import { isPlaceholderToken } from './placeholders.ts';

const CLUE = /bearer|basic/i;

const BEARER = /\bbearer(?:\s{1,4}|%20|\+)([A-Za-z0-9._~+/-]{16,8192}=*)/gi;
const BASIC = /\bbasic(?:\s{1,4}|%20|\+)([A-Za-z0-9+/]{6,1024}={0,2})(?![A-Za-z0-9+/=])/gi;

/** What an `Authorization` header carries: a bearer token, or a name and password in base64. */
export function hasAuthorization(text: string): boolean {
  if (!CLUE.test(text)) return false;
  for (const { 1: token = '' } of text.matchAll(BEARER)) {
    if (/\d/.test(token) && /[A-Za-z]/.test(token) && !isPlaceholderToken(token)) return true;
  }
  for (const { 1: encoded = '' } of text.matchAll(BASIC)) {
    if (/^[\x20-\x7e]+:[\x20-\x7e]+$/.test(Buffer.from(encoded, 'base64').toString('latin1'))) return true;
  }
  return false;
}
