import { open } from 'node:fs/promises';
import type { AuditEntries } from '../shared/watch/replay.ts';
import { EntriesFileError } from './errors.ts';

/** A file of one entry is read whole when it is a JSON array, as `gcloud logging read --format=json` writes it. */
const LARGEST_BYTES = 512 * 2 ** 20;

/**
 * LogEntries of a file: one JSON object a line, or one JSON array. They are taken as they stand, whatever
 * their project and time.
 *
 * Throws `EntriesFileError`.
 */
export function entriesFile(path: string): AuditEntries {
  return { since: () => entries(path) };
}

async function* entries(path: string): AsyncGenerator<unknown, undefined> {
  const text = await readAll(path);
  if (text.trimStart().startsWith('[')) {
    const all = parse(path, text, undefined);
    yield* Array.isArray(all) ? all : [];
    return undefined;
  }
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() !== '') yield parse(path, line, index + 1);
  }
  return undefined;
}

async function readAll(path: string): Promise<string> {
  const file = await open(path).catch(() => {
    throw new EntriesFileError(path, 'it cannot be opened; name a file of log entries');
  });
  try {
    const { size } = await file.stat();
    if (size > LARGEST_BYTES)
      throw new EntriesFileError(path, 'it is larger than 512 MiB; split it by lines');
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** What stands there may be a query's text, so it is not repeated. */
function parse(path: string, text: string, line: number | undefined): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const where = line === undefined ? 'it' : `line ${line}`;
    throw new EntriesFileError(
      path,
      `${where} is no JSON; expected one log entry a line, or one array of them`,
    );
  }
}
