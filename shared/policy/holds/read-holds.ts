import { createHash } from 'node:crypto';
import { HoldsFileError } from '../errors.ts';
import { loadYaml } from '../load.ts';
import type { Holds } from './holds.ts';

/**
 * Reads the owner's file of legal holds (docs/purge.md).
 *
 * @param fileName how messages name the file
 * @throws HoldsFileError holding every fault at once; no other error, whatever the text
 */
export function readHolds(text: string, fileName: string): Holds {
  const { faults } = loadYaml(text);
  const found = faults.all();
  if (found.length > 0) throw new HoldsFileError(text, fileName, found);
  return { generation: createHash('sha256').update(text).digest('hex'), all: [] };
}
