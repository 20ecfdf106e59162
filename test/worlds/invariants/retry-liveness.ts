import type { JobTruth } from '../../../simulator/truth.ts';
import type { Ending, Invariant } from '../invariant.ts';
import type { Past } from '../past.ts';
import type { FileDescription } from '../policy-description.ts';
import { answering } from '../retry-oracle.ts';
import { attemptIn } from '../retry-past.ts';
import { areAlike } from '../true-work.ts';
import { alertsOf } from './retry-alerts.ts';

const KNOWN_BY = ['retry-scheduled', 'retried', 'recovered', 'gave-up', 'retry-refused'] as const;

/** However a failure was lost, late or doubled: whoever ended is found, and what a policy answers is answered. */
export const found: Invariant = {
  name: 'no failure that the policy answers is missed',
  rule: 'section 1: the tick is the truth',
  *onSettled(ending, past) {
    const known = new Set(KNOWN_BY.flatMap((step) => alertsOf(past, step)).map(({ subject }) => subject));
    const isStopped = past.plan.happenings.some(({ kind }) => kind === 'person-stops');
    const observed = new Set(isStopped ? alertsOf(past, 'observed').map(({ subject }) => subject) : []);
    for (const [name, job] of ending.after) {
      if (known.has(name) || observed.has(name) || past.isOutOfReach(job.projectId)) continue;
      if (isOurs(name, job, ending, past)) continue;
      const files = filesSince(job.endTimeMs ?? 0, past);
      const failure = { root: job, failed: job, attemptsMade: 0 };
      if (files.every((file) => answering(file, failure, job.endTimeMs ?? 0).length > 0))
        yield `${name} failed with ${job.errorReason}, and nobody did or told anything`;
    }
  },
};

/** An attempt, or another's job that cannot be told from one. */
function isOurs(name: string, job: JobTruth, { after }: Ending, past: Past): boolean {
  if (past.retries.made.has(name)) return true;
  const root = after.get(attemptIn(name)?.root ?? '');
  return root !== undefined && areAlike(root, job);
}

/** What the file said when a job ended, and every time since. */
function filesSince(atMs: number, { plan }: Past): FileDescription[] {
  const good = plan.files.filter(({ description }) => description);
  const first = good.findLastIndex(({ fromMs }) => fromMs <= atMs);
  return good.slice(Math.max(0, first)).flatMap(({ description }) => description ?? []);
}

/** Every chain that was begun has come to its end: nothing is due for ever. */
export const ended: Invariant = {
  name: 'in the end no retry is under way or due',
  rule: 'section 8: liveness',
  *onSettled({ nowMs }, past) {
    for (const { job, attempt, projectId, state, leaseUntilMs, lookAtMs } of past.retries.unfinished()) {
      if (past.isOutOfReach(projectId)) continue;
      const dueMs = lookAtMs ?? leaseUntilMs;
      yield `attempt ${attempt} of ${job} is ${state}, due since ${(nowMs - dueMs) / 1_000} s`;
    }
  },
};

/** Every alert of theirs has been sent. */
export const sentRetries: Invariant = {
  name: 'every alert row of a retry is published in the end',
  rule: 'section 3: outbox',
  *onSettled({ unpublished }) {
    if (unpublished.length > 0) yield `${unpublished.length} alerts wait, the first is ${unpublished[0]}`;
  },
};
