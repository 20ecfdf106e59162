import type { JobTruth } from '../../../simulator/truth.ts';
import { OUTAGE } from '../draw-retry.ts';
import { CALM } from '../draw-world.ts';
import type { Ending, Invariant } from '../invariant.ts';
import type { Past } from '../past.ts';
import type { FileDescription } from '../policy-description.ts';
import { answering, retryOpinions } from '../retry-oracle.ts';
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
    const observed = new Set(alertsOf(past, 'observed').map(({ subject }) => subject));
    const isStopped = past.plan.happenings.some(({ kind }) => kind === 'person-stops');
    for (const [name, job] of ending.after) {
      if (known.has(name) || past.isOutOfReach(job.projectId) || isOurs(name, job, ending, past)) continue;
      // Its deadline had passed, or nobody was to know of it.
      if (past.purges.gone.has(name)) continue;
      const files = filesSince(job.endTimeMs ?? 0, past);
      const failure = { root: job, failed: job, attemptsMade: 0 };
      const isObserved = files.some((file) =>
        retryOpinions(file, failure, job.endTimeMs ?? 0).some(
          ({ mode, degree }) => mode === 'observe' && degree === 'answers',
        ),
      );
      if (observed.has(name) && (isStopped || isObserved)) continue;
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

/** What calm worlds have time for. */
const LONG_ENOUGH_MS = 300_000;

/** Nothing is left undone until it is too late, where nothing stands against it. */
export const done: Invariant = {
  name: 'in a calm world nothing that is due is left until its deadline has passed',
  rule: 'section 8: liveness',
  *onSettled({ after }, past) {
    if (past.plan.rates !== CALM) return;
    const [file] = filesSince(past.plan.startMs, past);
    const late = [...alertsOf(past, 'gave-up'), ...alertsOf(past, 'retry-refused')].filter(
      ({ data: { retry } }) => retry?.why === 'deadline-passed' && (retry.attempt ?? 1) === 1,
    );
    // What an outage uses up of the caps is lacking elsewhere.
    const hasOutage = [...after.values()].some(isOfOutage);
    for (const { subject, policy } of late) {
      const entry = file?.retries?.find(({ name }) => name === policy);
      if ((entry?.mode ?? file?.mode) !== 'enforce') continue;
      const isFree =
        entry?.caps === undefined && (entry?.breaker ?? file?.breaker ?? { acts: 50 }).acts >= 50;
      const root = after.get(subject);
      const hasLike =
        root && [...after.values()].some((job) => job.jobId !== root.jobId && areAlike(job, root));
      if (!entry || !root || !isFree || hasLike || hasOutage || entry.deadlineMs < LONG_ENOUGH_MS) continue;
      // It had failed long before the watchdog came.
      if ((root.endTimeMs ?? 0) < past.plan.startMs - 60_000) continue;
      yield `${subject} was to be run again within ${entry.deadlineMs / 1_000} s, and never was`;
    }
  },
};

function isOfOutage({ jobId }: JobTruth): boolean {
  return jobId.startsWith('outage-');
}

const SPAN_MS = 300_000;

/** When a whole project has trouble, what comes back comes back over a longer time than usual. */
export const spread: Invariant = {
  name: 'the retries of an outage are spread',
  rule: 'rule 8: storms',
  *onSettled({ after }, past) {
    const [only, second] = past.plan.files;
    if (!only?.description || second) return;
    for (const { name, backoff, deadlineMs } of only.description.retries ?? []) {
      // Nothing is put off beyond its deadline, so that what is found late has no time to be spread over.
      const own = alertsOf(past, 'retry-scheduled').filter(({ subject, policy, data, time }) => {
        const root = after.get(subject);
        if (policy !== name || !root || !isOfOutage(root) || data.retry?.attempt !== 1) return false;
        return (root.endTimeMs ?? 0) + deadlineMs - Date.parse(time) > 4 * backoff.initialMs;
      });
      const spans = Map.groupBy(own, ({ time }) => Math.floor(Date.parse(time) / SPAN_MS));
      const isFull = [...spans.values()].some((alerts) => alerts.length >= OUTAGE - 2);
      if (!isFull) continue;
      const waitsMs = own.map(({ time, data }) => Date.parse(data.retry?.dueAt ?? time) - Date.parse(time));
      if (waitsMs.every((ms) => ms <= backoff.initialMs))
        yield `${own.length} jobs failed at once, and all retries of ${name} were due within ${backoff.initialMs / 1_000} s`;
    }
  },
};

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
