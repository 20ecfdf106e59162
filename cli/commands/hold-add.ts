import { openOwnerFileWriter } from '../../shared/owner-files/open-owner-file.ts';
import { HoldsFileError } from '../../shared/policy/errors.ts';
import { type NewHold, withHold } from '../../shared/policy/holds/edit-holds.ts';
import { readHolds } from '../../shared/policy/holds/read-holds.ts';
import { type DefineCommand, type FormatOptions, formatOption, printResult } from '../command.ts';
import { HoldIdError, HoldRefusedError, UsageError } from '../errors.ts';
import { printMatch, shownHolds } from '../hold-view.ts';
import {
  type HoldsOptions,
  holdsOption,
  neededHoldsAddress,
  ownerFileOptions,
  readIfThere,
} from '../holds-option.ts';
import { personOf } from '../person.ts';
import { policyFile } from '../policies-option.ts';
import { type ExitCode, FINE, type Terminal } from '../terminal.ts';

interface AddOptions extends FormatOptions, HoldsOptions {
  readonly id: string;
  readonly reason: string;
  readonly until: string;
  readonly by?: string;
  readonly project?: readonly string[];
  readonly principal?: readonly string[];
  readonly label?: readonly string[];
  readonly referencedTable?: readonly string[];
  readonly destinationTable?: readonly string[];
  readonly createdFrom?: string;
  readonly createdTo?: string;
}

export const defineHoldAdd: DefineCommand = (hold, run) => {
  hold
    .command('add')
    .summary('put jobs on hold')
    .description(
      'Adds a hold to the file, which is made if it is not there; comments and order of what is in it stay. ' +
        'Everything that is named must hold of a job; of several values of one kind any one is enough.',
    )
    .argument('[job...]', 'PROJECT:LOCATION.JOB_ID, or PROJECT:JOB_ID for any location')
    .requiredOption('--id <id>', 'the name of the hold')
    .requiredOption('--reason <text>', 'why, for those who find it')
    .requiredOption('--until <date>', 'its last day (2027-01-31), its last moment, or "indefinite"')
    .option('--by <person>', 'who asked for it (default: you)')
    .option('--project <id...>', 'jobs of these projects')
    .option('--principal <email...>', 'jobs that these ran')
    .option('--label <key=value...>', 'jobs with all of these labels')
    .option('--referenced-table <table...>', 'jobs that read one of these tables')
    .option('--destination-table <table...>', 'jobs that wrote one of these tables')
    .option('--created-from <date>', 'jobs created on that day or later')
    .option('--created-to <date>', 'jobs created on that day or before')
    .addOption(holdsOption())
    .addOption(formatOption())
    .action((jobs: readonly string[], options: AddOptions) =>
      run(options.format, (terminal) => add(jobs, options, terminal)),
    );
};

async function add(jobs: readonly string[], options: AddOptions, terminal: Terminal): Promise<ExitCode> {
  const address = neededHoldsAddress(options, terminal);
  const hold = holdOf(jobs, options, terminal);
  const file = policyFile(address, terminal);
  const before = await readIfThere(file);
  const fileName = file.describe();
  const { all } = before ? readHolds(before.text, fileName) : { all: [] };
  if (all.some(({ id }) => id === hold.id)) {
    throw new HoldIdError(hold.id, `${fileName} has one of that id already; nothing was written`);
  }
  const text = withHold(before?.text, hold, fileName);
  const [shown] = shownHolds({ text }, checked(text, fileName).all, terminal.clock.now()).slice(-1);
  await openOwnerFileWriter(address, ownerFileOptions(terminal)).write(text, before?.generation);
  if (shown && !shown.isActive) terminal.err(`warning: hold ${hold.id} has ended already, and keeps nothing`);
  const result = { file: fileName, added: shown };
  printResult(terminal, options.format, result, () => {
    const until = shown?.until ?? 'it is removed';
    return `${fileName}: until ${until} hold ${hold.id} keeps ${printMatch(hold.match)}`;
  });
  return FINE;
}

/** A fault is in what is added: the rest was read before. */
function checked(text: string, fileName: string) {
  try {
    return readHolds(text, fileName);
  } catch (error) {
    throw error instanceof HoldsFileError ? new HoldRefusedError(error.report) : error;
  }
}

function holdOf(jobs: readonly string[], options: AddOptions, terminal: Terminal): NewHold {
  const { id, reason, until, by = personOf(terminal) } = options;
  const { project, principal, label, referencedTable, destinationTable, createdFrom, createdTo } = options;
  const created = {
    ...(createdFrom !== undefined && { from: createdFrom }),
    ...(createdTo !== undefined && { to: createdTo }),
  };
  const match = {
    ...(jobs.length > 0 && { jobs }),
    ...(project && { projects: project }),
    ...(principal && { principals: principal }),
    ...(label && { labels: labelsOf(label) }),
    ...(referencedTable && { referencedTables: referencedTable }),
    ...(destinationTable && { destinationTables: destinationTable }),
    ...(Object.keys(created).length > 0 && { created }),
  };
  if (Object.keys(match).length === 0) {
    throw new UsageError(
      'what is on hold is not said: name a job, or give --project, --principal or another',
    );
  }
  return { id, reason, until, by, match };
}

/** All labels must hold, and a job has one value of each. */
function labelsOf(texts: readonly string[]): Record<string, string> {
  const labels = new Map<string, string>();
  for (const text of texts) {
    const [key, value] = pairOf(text);
    if (labels.has(key)) {
      throw new UsageError(
        `--label ${key} is given twice, and a job has one value of it: add a hold for each, or write one glob such as ${key}=*`,
      );
    }
    labels.set(key, value);
  }
  return Object.fromEntries(labels);
}

function pairOf(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--label is "${text}": expected KEY=VALUE`);
  return [text.slice(0, at), text.slice(at + 1)];
}
