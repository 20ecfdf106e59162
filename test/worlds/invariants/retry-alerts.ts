import { JobAlert } from '../../../shared/alert/alert.schema.ts';
import type { JobTruth } from '../../../simulator/truth.ts';
import type { Ending, Invariant } from '../invariant.ts';
import type { Past } from '../past.ts';
import { attemptsOf, retryOpinions } from '../retry-oracle.ts';
import { attemptIn, placeOf } from '../retry-past.ts';
import { areAlike } from '../true-work.ts';
import { nameOfAttempt } from './retries.ts';

const ENDINGS = ['recovered', 'gave-up', 'retry-refused'] as const;

/** Who runs again what others started is to be seen. */
export const toldRetried: Invariant = {
  name: 'people know of each job that was run again',
  rule: 'section 3: outbox',
  *onSettled(_, past) {
    if (past.lossesMs.length > 0) return;
    const told = new Set(
      alertsOf(past, 'retried').map(({ subject, data }) => `${subject} ${data.retry?.attempt}`),
    );
    for (const { job, root, attempt } of past.retries.made.values()) {
      if (!told.has(`${root} ${attempt}`) && !isOutOfReach(past, job))
        yield `${job} was inserted, and nobody was told`;
    }
  },
};

/** What is told to run again is the same job, of the same account. */
export const trueRetried: Invariant = {
  name: 'a job that is told to run again is what it repeats',
  rule: 'rule 3',
  *onPublished({ event }, _, truthOf) {
    if (event['type'] !== 'bigquery-watchdog.job.retried.v1') return;
    const { subject, data } = JobAlert.parse(event);
    const root = truthOf(subject);
    const truth = truthOf(`${placeOf(subject)}${data.retry?.jobId}`);
    if (!root || !truth || !areAlike(root, truth))
      yield `${subject} is told to run again as ${data.retry?.jobId}, which is ${truth ? 'another job' : 'not there'}`;
  },
};

/** Each chain that was begun comes to one end, which people know. */
export const toldOneEnd: Invariant = {
  name: 'each chain of retries has one end, and people know it',
  rule: 'section 3: outbox',
  *onSettled({ after }, past) {
    if (past.lossesMs.length > 0 || past.plan.dryRun) return;
    const begun = new Set(alertsOf(past, 'retry-scheduled').map(({ subject }) => subject));
    const endings = ENDINGS.flatMap((step) => alertsOf(past, step));
    for (const root of begun) {
      if (isOutOfReach(past, root) || past.retries.isImitated(root, after)) continue;
      const own = endings.filter(
        ({ subject, data }) => subject === root && data.retry?.attempt !== undefined,
      );
      const ids = new Set(own.map(({ id }) => id));
      if (ids.size === 1) continue;
      const told = own.map(({ data }) => `${data.step} (${data.retry?.why ?? 'no reason'})`).join(', ');
      yield `${root} was to be run again, and its end was told ${ids.size} times: ${told}`;
    }
  },
};

/** Of a policy that only observes one word is enough: that time has passed since is none against it. */
export const observedOnce: Invariant = {
  name: 'what a policy would have had run again is not told to be too late afterwards',
  rule: 'section 3: observe',
  *onSettled(_, past) {
    if (past.lossesMs.length > 0) return;
    const observed = new Set(
      alertsOf(past, 'observed').flatMap(({ subject, policy, data }) =>
        data.because === 'observe-mode' && data.retry ? [`${subject} ${policy}`] : [],
      ),
    );
    for (const { subject, policy, data } of alertsOf(past, 'retry-refused')) {
      const isLate = data.mode === 'observe' && data.retry?.why === 'deadline-passed';
      if (isLate && observed.has(`${subject} ${policy}`))
        yield `${subject} would have been run again by ${policy}, which observes, and is told to be refused`;
    }
  },
};

/** Why a chain ended is why it ended. */
export const trueEnd: Invariant = {
  name: 'what is told of how a chain ended is true',
  rule: 'section 2: finding',
  *onSettled({ after, nowMs }, past) {
    for (const alert of ENDINGS.flatMap((step) => alertsOf(past, step))) {
      const root = after.get(alert.subject);
      if (root) yield* endFaults(alert, root, { after, nowMs, past });
      else yield `${alert.subject} is told of and does not exist`;
    }
  },
};

interface Known extends Pick<Ending, 'after' | 'nowMs'> {
  readonly past: Past;
}

function* endFaults(alert: JobAlert, root: JobTruth, known: Known): Iterable<string> {
  const { subject, data } = alert;
  const { step, retry } = data;
  const why = retry?.why;
  const isTrue =
    why === undefined ? step === 'recovered' && hasRecovered(subject, known) : isSo(alert, root, known);
  if (!isTrue)
    yield `${subject} is told to have ${step} (${why ?? 'no reason'}), attempt ${retry?.attempt ?? 'none'}`;
}

/** An attempt of it succeeded, whoever made it. */
function hasRecovered(root: string, { after }: Known): boolean {
  return [...after].some(
    ([name, job]) => attemptIn(name)?.root === root && job.state === 'DONE' && job.errors.length === 0,
  );
}

function isSo(alert: JobAlert, root: JobTruth, known: Known): boolean {
  const { subject, data, time, policy } = alert;
  const { after, past } = known;
  const { attempt = 0, why } = data.retry ?? {};
  const atMs = Date.parse(time);
  const entries = past.plan.files.flatMap(({ description }) =>
    (description?.retries ?? []).filter(({ name }) => name === policy),
  );
  switch (why) {
    case 'attempts-used':
      return entries.some((entry) => attemptsOf(entry) <= attempt);
    case 'deadline-passed':
      return entries.some(({ deadlineMs }) => atMs >= (root.endTimeMs ?? 0) + deadlineMs);
    case 'id-taken': {
      const name = nameOfAttempt(subject, attempt);
      return after.has(name) && !past.retries.made.has(name);
    }
    case 'run-by-others':
      return [...after.values()].some(
        (job) =>
          areAlike(job, root) && job.jobId !== root.jobId && job.errors.length === 0 && job.state === 'DONE',
      );
    case 'no-longer-wanted':
      return past.plan.files.length > 1 || past.plan.happenings.some(({ kind }) => kind === 'person-stops');
    case 'gone':
    case 'request-refused':
      return false;
    default:
      return isRefused(alert, root, known);
  }
}

/** By some version of the file the policy does not have it run again, or the last attempt failed otherwise. */
function isRefused(
  { subject, data, policy, time }: JobAlert,
  root: JobTruth,
  { after, past }: Known,
): boolean {
  const { attempt = 0 } = data.retry ?? {};
  const failed = after.get(nameOfAttempt(subject, attempt)) ?? root;
  return past.plan.files.some(({ description }) =>
    (description ? retryOpinions(description, { root, failed, attemptsMade: 0 }, Date.parse(time)) : []).some(
      (opinion) => opinion.policy.name === policy && opinion.degree !== 'answers',
    ),
  );
}

/** Of a squatted id nothing is made, and its chain goes no further. */
export const squatted: Invariant = {
  name: 'where somebody else has the id of an attempt, the chain ends',
  rule: 'rule 3',
  *onInsert({ job, root = '', attempt = 0, isEffective, truths }, past) {
    const rootTruth = truths.get(root);
    if (!isEffective || !rootTruth) return;
    for (let before = 1; before < attempt; before++) {
      const name = nameOfAttempt(root, before);
      const other = truths.get(name);
      if (other && !past.retries.made.has(name) && !areAlike(other, rootTruth))
        yield `${job} was inserted, and ${name} is somebody else's job`;
    }
  },
};

function isOutOfReach(past: Past, job: string): boolean {
  return past.isOutOfReach(job.slice(0, job.lastIndexOf(':')));
}

/** Told for the first time. */
export function alertsOf({ published }: Past, step: JobAlert['data']['step']): JobAlert[] {
  const alerts = new Map<string, JobAlert>();
  const type = `bigquery-watchdog.job.${step}.v1`;
  for (const { event } of published) {
    if (event['type'] !== type) continue;
    const { data } = JobAlert.safeParse(event);
    if (data && !alerts.has(data.id)) alerts.set(data.id, data);
  }
  return [...alerts.values()];
}
