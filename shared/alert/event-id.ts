import { createHash } from 'node:crypto';

/**
 * A `ce-id` made of what the alert is about, so that the same alert told again bears the same id and
 * consumers can drop it. The parts are joined so that no two different lists give one text.
 */
export function eventId(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
