import { PolicyFileError } from '../../shared/policy/errors.ts';
import type { Fault } from '../../shared/policy/fault.ts';
import { formatFaults } from '../../shared/policy/format-faults.ts';
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

export const defineCheck: DefineCommand = (program, run) => {
  program
    .command('check')
    .summary('check a policy file')
    .description(
      'Checks a policy file as the functions read it, and prints every fault with its place. ' +
        'Exits 1 when there are faults or the file cannot be read; warnings alone exit 0.',
    )
    .argument('[file]', 'a path, or gs://BUCKET/OBJECT (default: what WATCHDOG_POLICIES says)')
    .addOption(formatOption())
    .action((file: string | undefined, { format }: FormatOptions) =>
      run(format, (terminal) => check(file, format, terminal)),
    );
};

async function check(given: string | undefined, format: Format, terminal: Terminal): Promise<ExitCode> {
  const address = given ?? terminal.environment['WATCHDOG_POLICIES'] ?? '';
  if (address === '') {
    throw new UsageError('no file to check: name one, or set WATCHDOG_POLICIES as the functions have it');
  }
  const file = policyFile(address, terminal);
  const { text } = await file.read();
  const { policies, found } = readAll(text, file.describe());
  const faults = found.filter(({ severity }) => severity === 'fault');
  const warnings = found.filter(({ severity }) => severity === 'warning');
  printResult(terminal, format, { file: file.describe(), policies, faults, warnings }, () =>
    [
      ...(found.length > 0 ? [formatFaults(text, file.describe(), found)] : []),
      `${file.describe()}: ${summary(policies, faults.length, warnings.length)}`,
    ].join('\n'),
  );
  return faults.length > 0 ? FINDINGS : FINE;
}

interface Reading {
  /** How many policies the file puts in force; null when it is refused. */
  readonly policies: number | null;
  readonly found: readonly Fault[];
}

function readAll(text: string, fileName: string): Reading {
  try {
    const { policies, warnings } = readPolicies(text, fileName);
    const { cancel, retry, purge } = policies;
    return { policies: cancel.length + retry.length + purge.length, found: warnings };
  } catch (error) {
    if (error instanceof PolicyFileError) return { policies: null, found: error.faults };
    throw error;
  }
}

function summary(policies: number | null, faults: number, warnings: number): string {
  return [
    ...(policies === null ? [] : [count(policies, 'policy', 'policies')]),
    faults === 0 ? 'no faults' : count(faults, 'fault', 'faults'),
    ...(warnings === 0 ? [] : [count(warnings, 'warning', 'warnings')]),
  ].join(', ');
}
