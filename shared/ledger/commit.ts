import { ConflictError } from './errors.ts';
import type { LedgerStore, Write } from './store.ts';

export type Create = Extract<Write, { kind: 'create' }>;

export interface Committed {
  /** The new version of each firm write, in order. */
  readonly versions: readonly string[];
  /** Those of `ifAbsent` that were not there yet. */
  readonly created: readonly Create[];
}

/**
 * One commit of all `firm` writes and of those `ifAbsent` whose documents do not exist yet: an alert that
 * stands already must not keep a receipt from being written.
 *
 * A batch fails as a whole, so what turns out to exist is left out and the batch tried again; each round
 * leaves out one. Throws `ConflictError` when the condition of a firm write does not hold.
 */
export async function commit(
  store: LedgerStore,
  firm: readonly Write[],
  ifAbsent: readonly Create[],
): Promise<Committed> {
  let left = ifAbsent;
  while (firm.length + left.length > 0) {
    try {
      const versions = await store.write([...firm, ...left]);
      return { versions: versions.slice(0, firm.length), created: left };
    } catch (error) {
      if (!(error instanceof ConflictError) || error.index < firm.length) throw error;
      left = left.filter((_, index) => index !== error.index - firm.length);
    }
  }
  return { versions: [], created: [] };
}

/** The version of a batch's first write. */
export function firstVersion(versions: readonly string[]): string {
  const [version] = versions;
  if (version === undefined) throw new TypeError('a store must return one version for each write');
  return version;
}
