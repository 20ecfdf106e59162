import type { Holds } from '../policy/holds/holds.ts';
import type { RetryPorts } from './retry-ports.ts';

/** The owner's legal holds. */
export interface HoldsInForce {
  /**
   * Read again now: what keeps a job, at this moment.
   *
   * @throws OwnerFileError or HoldsFileError when nobody can tell, of which people were told; nothing is purged then
   */
  latest(): Promise<Holds>;
}

/** What purging needs besides: it knows of retries, for they go first. */
export interface PurgePorts extends RetryPorts {
  readonly holds: HoldsInForce;
}
