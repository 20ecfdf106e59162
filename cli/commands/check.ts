import { RefusedFileError } from '../../shared/policy/errors.ts';
import type { Fault } from '../../shared/policy/fault.ts';
import { formatFaults } from '../../shared/policy/format-faults.ts';
import { readHolds } from '../../shared/policy/holds/read-holds.ts';
import { readPolicies } from '../../shared/policy/read-policies.ts';
import {
  type DefineCommand,
  type Format,
  type FormatOptions,
  formatOption,
  printResult,
} from '../command.ts';
import { count } from '../count.ts';
import { UsageError } from '../errors.ts';
import { policyFile } from '../policies-option.ts';
import { type ExitCode, FINDINGS, FINE, type Terminal } from '../terminal.ts';

interface CheckOptions extends FormatOptions {
  readonly holds?: string;
}

export const defineCheck: DefineCommand = (program, run) => {
  program
    .command('check')
    .summary('check a policy file, or a file of legal holds')
    .description(
      'Checks a policy file as the functions read it, and prints every fault with its place. ' +
        'Exits 1 when there are faults or the file cannot be read; warnings alone exit 0.',
    )
    .argument('[file]', 'a path, or gs://BUCKET/OBJECT (default: what WATCHDOG_POLICIES says)')
    .option('--holds <file>', 'check this file of legal holds instead')
    .addOption(formatOption())
    .action((file: string | undefined, { holds, format }: CheckOptions) =>
      run(format, async (terminal) =>
        holds === undefined
          ? check(policiesAddress(file, terminal), POLICIES, format, terminal)
          : check(holdsAddress(file, holds), HOLDS, format, terminal),
      ),
    );
};

function policiesAddress(file: string | undefined, { environment }: Terminal): string {
  const address = file ?? environment['WATCHDOG_POLICIES'] ?? '';
  if (address !== '') return address;
  throw new UsageError('no file to check: name one, or set WATCHDOG_POLICIES as the functions have it');
}

function holdsAddress(file: string | undefined, holds: string): string {
  if (file === undefined && holds !== '') return holds;
  throw new UsageError('one file is checked at a time: name a policy file, or with --holds a file of holds');
}

/** A kind of file that owners keep. */
interface Kind {
  /** What it is a list of. */
  readonly one: string;
  readonly many: string;
  /** How many of them it puts in force, with what is warned of. @throws RefusedFileError */
  read(text: string, fileName: string): { readonly count: number; readonly warnings: readonly Fault[] };
}

const POLICIES: Kind = {
  one: 'policy',
  many: 'policies',
  read(text, fileName) {
    const { policies, warnings } = readPolicies(text, fileName);
    const { cancel, retry, purge } = policies;
    return { count: cancel.length + retry.length + purge.length, warnings };
  },
};

const HOLDS: Kind = {
  one: 'hold',
  many: 'holds',
  read: (text, fileName) => ({ count: readHolds(text, fileName).all.length, warnings: [] }),
};

async function check(address: string, kind: Kind, format: Format, terminal: Terminal): Promise<ExitCode> {
  const file = policyFile(address, terminal);
  const { text } = await file.read();
  const { inForce, found } = readAll(text, file.describe(), kind);
  const faults = found.filter(({ severity }) => severity === 'fault');
  const warnings = found.filter(({ severity }) => severity === 'warning');
  printResult(terminal, format, { file: file.describe(), [kind.many]: inForce, faults, warnings }, () =>
    [
      ...(found.length > 0 ? [formatFaults(text, file.describe(), found)] : []),
      `${file.describe()}: ${summary(kind, inForce, faults.length, warnings.length)}`,
    ].join('\n'),
  );
  return faults.length > 0 ? FINDINGS : FINE;
}

interface Reading {
  /** How many policies or holds the file puts in force; null when it is refused. */
  readonly inForce: number | null;
  readonly found: readonly Fault[];
}

function readAll(text: string, fileName: string, kind: Kind): Reading {
  try {
    const { count: inForce, warnings } = kind.read(text, fileName);
    return { inForce, found: warnings };
  } catch (error) {
    if (error instanceof RefusedFileError) return { inForce: null, found: error.faults };
    throw error;
  }
}

function summary({ one, many }: Kind, inForce: number | null, faults: number, warnings: number): string {
  return [
    ...(inForce === null ? [] : [count(inForce, one, many)]),
    faults === 0 ? 'no faults' : count(faults, 'fault', 'faults'),
    ...(warnings === 0 ? [] : [count(warnings, 'warning', 'warnings')]),
  ].join(', ');
}
