import { PolicyFileError } from '../../shared/policy/errors.ts';
import type { Fault } from '../../shared/policy/fault.ts';
import { readPolicies } from '../../shared/policy/read-policies.ts';

/** The faults for which a text is refused, warnings among them; none when it is taken. */
export function faultsOf(text: string): readonly Fault[] {
  try {
    readPolicies(text, 'policies.yaml');
    return [];
  } catch (error) {
    if (error instanceof PolicyFileError) return error.faults;
    throw error;
  }
}

/** `LINE:COL message`, as short as a table wants it. */
export function brief({ line, column, message }: Fault): string {
  return `${line}:${column} ${message}`;
}
