import type { RetryEnd } from '../alert/alert.schema.ts';
import type { FailureLook } from './failure.ts';
import type { EnforcePorts } from './ports.ts';

/** Why a chain that was begun does not go on. */
export interface NotWanted {
  readonly why: RetryEnd;
  /** For a person, about "it": the job. */
  readonly outcome: string;
}

/** Of a verdict without an act. */
export function notWanted({ verdict }: FailureLook): NotWanted {
  const [first] = verdict.findings;
  if (first?.why !== undefined) return { why: first.why, outcome: `it ${first.sentence}` };
  const outcome =
    first === undefined
      ? 'no policy has it run again any more'
      : `${first.policy} only observes by now, and it is not run again`;
  return { why: 'no-longer-wanted', outcome };
}

/** Whether it would be run again, had a person not stopped all acts: once they let it, it is. */
export function isStopped({ verdict }: FailureLook, { policies }: Pick<EnforcePorts, 'policies'>): boolean {
  const [first] = verdict.findings;
  return first?.outcome === 'retry' && first.mode === 'observe' && policies.isStopped(first.policy);
}
