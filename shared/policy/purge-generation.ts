import { createHash } from 'node:crypto';
import type { Mode, PurgePolicy } from './policy.ts';

/**
 * Tells one purge part of the file from another: a hash of what decides which jobs are purged. When, and how many at
 * a time, is no part of it, but whether history is purged or only reported is.
 */
export function purgeGeneration(policies: readonly PurgePolicy[]): string {
  return createHash('sha256')
    .update(JSON.stringify(policies.map(partOf), writeMaps))
    .digest('hex');
}

interface Part extends Pick<PurgePolicy, 'name' | 'match' | 'excepts'> {
  readonly mode: Mode;
  readonly sensitive: PurgePolicy['rule']['sensitive'];
  readonly hasHistory: boolean;
}

function partOf({ name, mode, match, excepts, rule: { sensitive, history } }: PurgePolicy): Part {
  return { name, mode, match, excepts, sensitive, hasHistory: history !== undefined };
}

/** Of a glob its text is written, of a detector its name and pattern: JSON leaves functions away, and maps. */
function writeMaps(_key: string, value: unknown): unknown {
  return value instanceof Map ? [...value] : value;
}
