import { Option } from 'commander';
import { openOwnerFile } from '../shared/owner-files/open-owner-file.ts';
import type { OwnerFile } from '../shared/owner-files/owner-file.ts';
import { formatFaults } from '../shared/policy/format-faults.ts';
import type { Policies } from '../shared/policy/policy.ts';
import { readPolicies } from '../shared/policy/read-policies.ts';
import { withMode } from '../shared/policy/with-mode.ts';
import { UsageError } from './errors.ts';
import type { Terminal } from './terminal.ts';

export interface PoliciesOptions {
  readonly policies?: string;
  readonly asEnforced?: boolean;
}

/** `--policies`, of commands that judge. */
export function policiesOption(): Option {
  return new Option(
    '--policies <file>',
    'the policy file, a path or gs://BUCKET/OBJECT (default: what WATCHDOG_POLICIES says)',
  );
}

/** `--as-enforced`, of commands that tell what would be done. */
export function asEnforcedOption(): Option {
  return new Option('--as-enforced', 'judge as if every policy said "mode: enforce"');
}

/** A file of the owner at that address (policies, holds), read as the functions read it. @throws OwnerFileAddressInvalid, BucketNameInvalid */
export function policyFile(address: string, { clock, environment }: Terminal): OwnerFile {
  const emulatorHost = environment['STORAGE_EMULATOR_HOST'];
  // Nothing is done by it, so there is no need to wait until who writes the file has surely finished.
  return openOwnerFile(address, { clock, settleMs: 0, ...(emulatorHost && { emulatorHost }) });
}

/** Empty when none is named. */
export function namedPoliciesAddress({ policies }: PoliciesOptions, { environment }: Terminal): string {
  return policies ?? environment['WATCHDOG_POLICIES'] ?? '';
}

/** @throws UsageError when none is named */
export function neededPoliciesAddress(options: PoliciesOptions, terminal: Terminal): string {
  const address = namedPoliciesAddress(options, terminal);
  if (address !== '') return address;
  throw new UsageError('no policy file is named: give --policies FILE, or set WATCHDOG_POLICIES');
}

/**
 * The policies that the option names, or else the environment, for a command that judges jobs by those which cancel or
 * alert. Warnings go to stderr.
 *
 * @throws UsageError, OwnerFileError, PolicyFileError
 */
export async function neededPolicies(options: PoliciesOptions, terminal: Terminal): Promise<Policies> {
  const file = policyFile(neededPoliciesAddress(options, terminal), terminal);
  const { text } = await file.read();
  const { policies, warnings } = readPolicies(text, file.describe());
  if (warnings.length > 0) terminal.err(formatFaults(text, file.describe(), warnings));
  if (policies.cancel.length === 0 && policies.retry.length + policies.purge.length > 0) {
    terminal.err(
      `warning: ${file.describe()}: no policy has an "action", and only those that have one are judged here; ` +
        'with "mode: observe" the functions retry and purge tell what they would do by the others',
    );
  }
  return inModeOf(options, policies);
}

/** What `--as-enforced` makes of a file's policies. */
export function inModeOf({ asEnforced }: PoliciesOptions, policies: Policies): Policies {
  return asEnforced ? withMode(policies, 'enforce') : policies;
}
