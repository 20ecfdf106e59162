import { parseArgs } from 'node:util';

/** What a run of the bench was asked for. */
export interface Arguments {
  /** The parts' letters, in the order of the report. */
  readonly letters: readonly string[];
  readonly quick: boolean;
  /** Where the report goes as JSON. */
  readonly json: string | undefined;
}

/** The command line cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(fault: string) {
    super(`${fault}\nusage: npm run bench -- [--only a,b,…] [--quick] [--json FILE]`);
  }
}

/**
 * Reads the bench's command line.
 *
 * @param known the letters of the parts there are
 * @throws UsageError
 */
export function readArguments(argv: readonly string[], known: readonly string[]): Arguments {
  const { only, quick, json } = parse(argv);
  const wanted = only?.split(',').map((letter) => letter.trim()) ?? known;
  const unknown = wanted.filter((letter) => !known.includes(letter));
  if (unknown.length > 0) {
    throw new UsageError(`--only names no part "${unknown.join('", "')}": there are ${known.join(', ')}`);
  }
  return { letters: known.filter((letter) => wanted.includes(letter)), quick: quick === true, json };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: { only: { type: 'string' }, quick: { type: 'boolean' }, json: { type: 'string' } },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
