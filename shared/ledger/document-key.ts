import { createHash } from 'node:crypto';

const LONGEST_KEY = 1_024;
const KEPT_OF_A_LONG_KEY = 900;

/**
 * The key of a document, from what names it: readable, the same for the same parts, another for others,
 * and fit for any storage. Firestore wants ids without `/`, not of the form `__x__`, of at most 1,500 bytes.
 * Give at least two parts.
 */
export function documentKey(...parts: readonly string[]): string {
  // A lone surrogate cannot be percent-encoded.
  const key = parts.map((part) => encodeURIComponent(part.toWellFormed())).join(':');
  if (key.length <= LONGEST_KEY) return key;
  const hash = createHash('sha256').update(key).digest('hex');
  return `${key.slice(0, KEPT_OF_A_LONG_KEY)}:sha256:${hash}`;
}

/** A key under another one, up to 11 characters longer; those under the same one are in the order of their numbers. */
export function numberedKey(key: string, number: number): string {
  return `${key}:${String(number).padStart(10, '0')}`;
}

const LAST_MOMENT_MS = 8.64e15;

/** A part of a key that puts the newest first where documents are ordered by key. */
export function newestFirst(atMs: number): string {
  return String(LAST_MOMENT_MS - Math.floor(atMs)).padStart(16, '0');
}
