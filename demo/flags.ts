import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';

export interface Flags {
  readonly policies: string;
  readonly seed: number;
  readonly seconds: number;
  readonly json: boolean;
}

/** A simulated day is not drawn out beyond a real one. */
const MOST_SECONDS = 86_400;

/**
 * Reads the command line. Commander prints what is wrong with it.
 *
 * @throws CommanderError
 */
export function readFlags(argv: readonly string[]): Flags {
  return new Command('npm start -s --')
    .description(
      'The whole watchdog on this machine, on a simulated day of BigQuery jobs. ' +
        'npm prints lines of its own on stdout without -s.',
    )
    .addOption(
      new Option('--policies <file>', 'the policy file').default(
        fileURLToPath(new URL('policies.yaml', import.meta.url)),
        'demo/policies.yaml',
      ),
    )
    .option('--seed <n>', 'which day: the same seed plans the same jobs', wholeNumber, 1)
    .option(
      '--seconds <n>',
      'how long it runs, in real time: below 60 it shows less of the day, above 60 the day passes more slowly',
      seconds,
      60,
    )
    .option('--json', 'print each alert as a CloudEvent, one a line; the summary goes to stderr', false)
    .allowExcessArguments(false)
    .exitOverride()
    .parse(argv)
    .opts<Flags>();
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number))
    throw new InvalidArgumentError('Expected a whole number, such as 7.');
  return number;
}

function seconds(text: string): number {
  const number = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || number < 1 || number > MOST_SECONDS)
    throw new InvalidArgumentError(`Expected seconds, from 1 to ${MOST_SECONDS}.`);
  return number;
}
