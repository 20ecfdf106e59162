import { parseArgs } from 'node:util';

/** What a run of the bench was asked for. */
export interface Arguments {
  /** Whether it was only asked what there is. */
  readonly help: boolean;
  /** The parts' letters, in the order of the report. */
  readonly letters: readonly string[];
  readonly quick: boolean;
  /** Where the report goes as JSON. */
  readonly json: string | undefined;
}

const USAGE = 'usage: npm run bench -- [--only a,b,…] [--quick] [--json FILE]';

/** What `--help` prints. */
export function helpText(parts: readonly { readonly letter: string; readonly title: string }[]): string {
  const list = parts.map(({ letter, title }) => `  ${letter}  ${title}`).join('\n');
  return `${USAGE}

Measures what the watchdog costs, in ratios; docs/bench.md says how.

  --only a,b   these parts alone:
${list.replaceAll(/^/gm, '    ')}
  --quick      a smoke run, whose figures mean nothing
  --json FILE  writes the report as JSON too
`;
}

/** The command line cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(fault: string) {
    super(`${fault}\n${USAGE}`);
  }
}

/**
 * Reads the bench's command line.
 *
 * @param known the letters of the parts there are
 * @throws UsageError
 */
export function readArguments(argv: readonly string[], known: readonly string[]): Arguments {
  const { only, quick, json, help } = parse(argv);
  const wanted = only?.split(',').map((letter) => letter.trim()) ?? known;
  const unknown = wanted.filter((letter) => !known.includes(letter));
  if (unknown.length > 0) {
    throw new UsageError(`--only names no part "${unknown.join('", "')}": there are ${known.join(', ')}`);
  }
  const letters = known.filter((letter) => wanted.includes(letter));
  return { help: help === true, letters, quick: quick === true, json };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        only: { type: 'string' },
        quick: { type: 'boolean' },
        json: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
