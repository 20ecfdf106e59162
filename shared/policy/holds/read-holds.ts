import { createHash } from 'node:crypto';
import { compileSelector } from '../compile-selector.ts';
import { HoldsFileError } from '../errors.ts';
import { type FileInReading, tellIssues } from '../issues.ts';
import { loadYaml } from '../load.ts';
import type { Path } from '../located.ts';
import { tellDuplicates } from '../tell-duplicates.ts';
import { checkHold } from './check-hold.ts';
import { HoldEntry, HoldsFile } from './holds.schema.ts';
import type { CreatedWithin, Hold, Holds } from './holds.ts';
import { HOLDS_FILE } from './holds-shape.ts';

/**
 * Reads the owner's file of legal holds (docs/purge.md).
 *
 * @param fileName how messages name the file
 * @throws HoldsFileError holding every fault at once; no other error, whatever the text
 */
export function readHolds(text: string, fileName: string): Holds {
  const { root, faults } = loadYaml(text, HOLDS_FILE.list);
  const all = root === undefined ? [] : readFile({ root, faults, shape: HOLDS_FILE });
  const found = faults.all();
  if (found.length > 0) throw new HoldsFileError(text, fileName, found);
  return { generation: createHash('sha256').update(text).digest('hex'), all };
}

function readFile(file: FileInReading): readonly Hold[] {
  const { root } = file;
  const parsed = HoldsFile.safeParse(root.value);
  if (!parsed.success) tellIssues(parsed.error.issues, file, []);
  const holds = [...(root.children.get(HOLDS_FILE.list)?.children.entries() ?? [])];
  tellDuplicates(holds, file);
  return holds.flatMap(([index, { value }]) => readHold(value, file, [HOLDS_FILE.list, index]));
}

/** None where it has a fault. */
function readHold(value: unknown, file: FileInReading, path: Path): readonly Hold[] {
  const parsed = HoldEntry.safeParse(value);
  if (!parsed.success) tellIssues(parsed.error.issues, file, path);
  checkHold(file, path);
  return parsed.success ? [compileHold(parsed.data)] : [];
}

function compileHold({ id, reason, until, by, match }: HoldEntry): Hold {
  const { jobs, created, ...selector } = match;
  return {
    id,
    reason,
    match: compileSelector(selector),
    ...(until !== undefined && { untilMs: until }),
    ...(by !== undefined && { by }),
    ...(jobs && { jobs }),
    ...(created && { created: compileCreated(created) }),
  };
}

function compileCreated({ from, to }: NonNullable<HoldEntry['match']['created']>): CreatedWithin {
  return { ...(from !== undefined && { fromMs: from }), ...(to !== undefined && { toMs: to }) };
}
