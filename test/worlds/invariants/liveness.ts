import { JobAlert, type JobStep } from '../../../shared/alert/alert.schema.ts';
import type { JobTruth } from '../../../simulator/truth.ts';
import type { Ending, Invariant } from '../invariant.ts';
import { actingPolicies, actingPolicy, opinionsOf } from '../oracle.ts';
import type { Past } from '../past.ts';

/** A request has its time: a job that ignores the first ones is asked again after so long at most. */
const ASKED_LATELY_MS = 330_000;

/** Nothing that is to be stopped runs on, unless it cannot be stopped or every breaker is open. */
export const stopped: Invariant = {
  name: 'three clean ticks after the storm nothing guilty and enforceable is left',
  rule: 'section 8: liveness',
  *onEnd(ending, past) {
    for (const [subject, job, was] of survivors(ending, past)) {
      if (past.plan.dryRun || past.stoppedSinceMs !== undefined) continue;
      const before = actingPolicies(ending.file, was, ending.beforeMs).map(({ name }) => name);
      // A breaker that is open excuses its own policy, and no other that calls for the act.
      const policy = actingPolicies(ending.file, job, ending.nowMs).find(({ name }) => !past.openTrip(name));
      if (!policy || !before.includes(policy.name)) continue;
      const lastMs = job.cancelRequestedAtMs.at(-1);
      if (lastMs === undefined || !past.cancels.some((cancel) => cancel.job === subject)) {
        yield `${subject} runs on, and was never asked to stop for ${policy.name}`;
      } else if (!job.cancelStuck && ending.nowMs - lastMs > ASKED_LATELY_MS) {
        yield `${subject} runs on, and was last asked to stop ${(ending.nowMs - lastMs) / 1_000} s ago`;
      }
    }
  },
};

/** People know of every job that is still guilty of anything. */
export const told: Invariant = {
  name: 'three clean ticks after the storm people know of what is guilty',
  rule: 'section 8: liveness',
  *onEnd(ending, past) {
    const all = stepsOf(past);
    for (const [subject, job, was] of survivors(ending, past)) {
      const now = opinionsOf(ending.file, job, ending.nowMs);
      const acting = actingPolicy(ending.file, was, ending.beforeMs)?.name;
      for (const { policy, degree } of opinionsOf(ending.file, was, ending.beforeMs)) {
        if (!now.some((opinion) => opinion.policy === policy)) continue;
        const steps = all.get(`${subject} ${policy.name}`) ?? new Set<JobStep>();
        // The act may be under way for a policy that stood first when it began.
        const known = policy.name === acting ? (all.get(subject) ?? steps) : steps;
        if (isTold(known, degree)) continue;
        yield `${subject} is ${degree} by ${policy.name}, and people were told ${[...steps].join(', ') || 'nothing'}`;
      }
    }
  },
};

/** Jobs that seem not to stop are told, and told louder. */
export const escalated: Invariant = {
  name: 'a job that does not stop though asked is told to be so',
  rule: 'rule 7',
  *onEnd(ending, past) {
    const all = stepsOf(past);
    for (const [subject, job] of survivors(ending, past)) {
      if (!job.cancelStuck || job.type === 'COPY' || past.lossesMs.length > 0) continue;
      const claim = [...past.claims.values()].find((row) => row.job === subject);
      const second = claim?.askedAtMs[1];
      if (!claim || second === undefined || ending.nowMs - second < 180_000) continue;
      if (!all.get(`${subject} ${claim.policy}`)?.has('could-not-cancel')) {
        yield `${subject} was asked ${claim.askedAtMs.length} times, and nobody was told that it runs on`;
      }
    }
  },
};

/** Every alert that was written has been sent. */
export const sent: Invariant = {
  name: 'every alert row is published in the end',
  rule: 'section 3: outbox',
  *onEnd({ unpublished }) {
    if (unpublished.length > 0) yield `${unpublished.length} alerts wait, the first is ${unpublished[0]}`;
  },
};

/** An act whose holder died or let go of it has found somebody else. */
export const finished: Invariant = {
  name: 'no unfinished act is overdue',
  rule: 'section 3: takeover',
  *onEnd({ beforeMs }, past) {
    for (const { job, projectId, state, leaseUntilMs, lookAtMs } of past.claims.values()) {
      if ((state !== 'claimed' && state !== 'asked') || past.isOutOfReach(projectId)) continue;
      const dueMs = Math.max(leaseUntilMs, lookAtMs ?? 0);
      if (dueMs < beforeMs)
        yield `the claim of ${job} is ${state} and has been due for ${(beforeMs - dueMs) / 1_000} s`;
    }
  },
};

/** Jobs within reach that ran before the clean ticks and still do, whose fields BigQuery has told since. */
function* survivors({ before, beforeMs, after }: Ending, past: Past): Iterable<[string, JobTruth, JobTruth]> {
  const late = new Map(
    past.plan.jobs.map((job) => [`${job.projectId}:${job.location}.${job.jobId}`, job.lateFields]),
  );
  for (const [subject, was] of before) {
    const job = after.get(subject);
    if (!job || job.state === 'DONE' || was.state === 'DONE' || past.isOutOfReach(job.projectId)) continue;
    const hiddenMs = Object.values(late.get(subject) ?? {});
    const sinceMs = beforeMs - (was.startTimeMs ?? was.creationTimeMs);
    // What was told while it waited is hidden anew when it starts.
    if (hiddenMs.some((forMs) => sinceMs < forMs + 1_000 || job.state !== was.state)) continue;
    yield [subject, job, was];
  }
}

function stepsOf({ published }: Past): Map<string, Set<JobStep>> {
  const all = new Map<string, Set<JobStep>>();
  for (const { event } of published) {
    const { data, success } = JobAlert.safeParse(event);
    if (!success) continue;
    const key = `${data.subject} ${data.policy}`;
    for (const about of [key, data.subject])
      all.set(about, (all.get(about) ?? new Set()).add(data.data.step));
  }
  return all;
}

/** A warned job may have crossed before anybody looked; an act is told by the steps of the act. */
function isTold(steps: ReadonlySet<JobStep>, degree: 'warned' | 'crossed'): boolean {
  const enough: readonly JobStep[] = [
    'observed',
    'cancelling',
    'could-not-cancel',
    'cancelled',
    'ended-first',
  ];
  return enough.some((step) => steps.has(step)) || (degree === 'warned' && steps.has('warned'));
}
