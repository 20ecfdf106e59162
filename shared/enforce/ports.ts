import type { AlertPublisher } from '../alert/publisher.ts';
import type { JobsClient } from '../bigquery/jobs-client.ts';
import type { Ledger, Verb } from '../ledger/ledger.ts';
import type { Policies } from '../policy/policy.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Soon } from '../ports/soon.ts';

/** The owner's policy as it stands, kept good: a broken file is refused and the last good text stays. */
export interface PolicyInForce {
  /** Read again now: what an act is judged by. */
  latest(): Promise<Policies>;
  /** At most a few seconds old: what nominates. */
  recent(): Soon<Policies>;
  /** Whether this policy would be enforced, had a person not stopped all acts. */
  isStopped(policy: string): boolean;
}

/** What enforcing needs of the world, handed in by the composition root. */
export interface EnforcePorts {
  readonly clock: Clock;
  readonly jobs: JobsClient;
  readonly ledger: Ledger;
  readonly policies: PolicyInForce;
  readonly publisher: AlertPublisher;
  readonly log: Log;
  readonly verb: Verb;
  /** Tells this instance from every other. */
  readonly holder: string;
  /** The function's timeout and a minute: longer than any holder can live. */
  readonly leaseMs: number;
}

/** How long the work at hand may take, by our own clock. */
export interface Span {
  /** A clock that stands before this has gone back: what is left is the next tick's. */
  readonly startedAtMs: number;
  /** Calls are given up then; the function itself dies soon after. */
  readonly deadlineAtMs: number;
  /** What falls due up to then is waited for; the rest is left to the next tick. */
  readonly horizonAtMs: number;
}
