import type { PolicyInForce } from '../shared/enforce/ports.ts';
import { type FilePolicies, stoppable } from '../shared/enforce/stopped-policies.ts';
import type { Ledger } from '../shared/ledger/ledger.ts';
import { openOwnerFile } from '../shared/owner-files/open-owner-file.ts';
import { formatFaults } from '../shared/policy/format-faults.ts';
import type { Policies } from '../shared/policy/policy.ts';
import { readPolicies } from '../shared/policy/read-policies.ts';
import { ownerFileOptions } from './holds-option.ts';
import { inModeOf, neededPoliciesAddress, type PoliciesOptions } from './policies-option.ts';
import { SILENT_LOG } from './silent-log.ts';
import type { Terminal } from './terminal.ts';

/**
 * The file's policies for a command that acts by them: read again before each act, and only observed while a person has
 * stopped all acts. With `--as-enforced` the file counts as if every policy said so. There is no last good text to fall back on: a file that breaks ends the command. Warnings go to
 * stderr.
 *
 * @throws UsageError, OwnerFileError, PolicyFileError
 */
export async function openActingPolicies(
  options: PoliciesOptions,
  ledger: Ledger,
  terminal: Terminal,
): Promise<PolicyInForce> {
  const inForce = stoppable(openFilePolicies(options, terminal), {
    clock: terminal.clock,
    ledger,
    log: SILENT_LOG,
  });
  await inForce.latest();
  return inForce;
}

/**
 * The file's policies, whoever stopped the watchdog: read again each time. Warnings go to stderr.
 *
 * @throws UsageError; `latest` OwnerFileError, PolicyFileError
 */
export function openFilePolicies(options: PoliciesOptions, terminal: Terminal): FilePolicies {
  const file = openOwnerFile(neededPoliciesAddress(options, terminal), ownerFileOptions(terminal));
  let seen: { readonly text: string; readonly policies: Policies } | undefined;
  const latest = async (): Promise<Policies> => {
    const { text } = await file.read();
    if (seen?.text === text) return seen.policies;
    const { policies, warnings } = readPolicies(text, file.describe());
    if (warnings.length > 0) terminal.err(formatFaults(text, file.describe(), warnings));
    seen = { text, policies: inModeOf(options, policies) };
    return seen.policies;
  };
  return { latest, recent: () => seen?.policies ?? latest() };
}
