import type { RedactionOptions } from '../job/redacted.ts';
import type { Random } from '../ports/random.ts';
import type { EnforcePorts } from './ports.ts';

/** What running jobs again needs besides: when they are due is drawn, and their errors are read whole. */
export interface RetryPorts extends EnforcePorts, RedactionOptions {
  readonly random: Random;
}
