import { Alert, JobAlert } from '../../../shared/alert/alert.schema.ts';
import type { JobTruth } from '../../../simulator/truth.ts';
import type { Invariant } from '../invariant.ts';
import { usedOf } from '../oracle.ts';
import { jobOf, type Past } from '../past.ts';
import { amountsIn } from './amounts.ts';

/** Alerts are what the published schema says. */
export const wellFormed: Invariant = {
  name: 'every alert keeps to the schema',
  rule: 'section 7',
  *onPublished({ event }) {
    const parsed = Alert.safeParse(event);
    if (!parsed.success) yield `${String(event['type'])}: ${parsed.error.issues[0]?.message}`;
  },
};

/** One `ce-id` per job, policy and step, however often it is told; and nothing else has that id. */
export const oneId: Invariant = {
  name: 'one ce-id per job, policy and step',
  rule: 'section 3: outbox',
  *onPublished({ event }, past) {
    const about = aboutOf(event);
    for (const other of past.published) {
      if (other.event === event) continue;
      const isSame = aboutOf(other.event) === about && event['subject'] !== undefined;
      const hasSameId = other.event['id'] === event['id'];
      if (isSame && !hasSameId)
        yield `${about} was told under ${String(other.event['id'])} and ${String(event['id'])}`;
      if (hasSameId && aboutOf(other.event) !== about)
        yield `${String(event['id'])} is of ${about} and of ${aboutOf(other.event)}`;
    }
  },
};

const ABOUT = new WeakMap<object, string>();

/** Of retries there is one for each attempt; of these and of purges, where nothing was done, one for each cause. */
function aboutOf(event: Readonly<Record<string, unknown>>): string {
  const known = ABOUT.get(event);
  if (known !== undefined) return known;
  const { step, retry, purge, because } = JobAlert.safeParse(event).data?.data ?? {};
  const why = (retry ?? purge) && step === 'observed' ? because : undefined;
  const about = JSON.stringify([
    ...[event['type'], event['subject'], event['policy'], event['project']],
    ...[retry?.attempt, why],
  ]);
  ABOUT.set(event, about);
  return about;
}

/** What is told of how a job ended is how it ended. */
export const trueOutcome: Invariant = {
  name: 'cancelled is told of jobs that were stopped, ended-first of jobs that ended by themselves',
  rule: 'rule 7',
  *onPublished({ event }, past, truthOf) {
    const parsed = JobAlert.safeParse(event);
    if (!parsed.success) return;
    const { data, subject } = parsed.data;
    const truth = truthOf(subject);
    if (!truth) {
      yield `${subject} is told of and does not exist`;
      return;
    }
    yield* outcomeFaults(data.step, subject, truth);
    if (truth.parentJobId !== undefined) yield `${subject} is told of and is a script's child`;
    // A holder that died may have asked: its successor cannot know, and tells it.
    const isAsked = past.askedEver.has(subject);
    if (data.step === 'cancelling' && !isAsked) yield `${subject} is told to be asked to stop, and never was`;
  },
};

function* outcomeFaults(step: string, subject: string, truth: JobTruth): Iterable<string> {
  const wasStopped =
    truth.state === 'DONE' &&
    truth.errorReason === 'stopped' &&
    truth.cancelRequestedAtMs.length > 0 &&
    (truth.naturalEndMs === undefined || (truth.endTimeMs ?? 0) < truth.naturalEndMs);
  if (step === 'cancelled' && !wasStopped)
    yield `${subject} is told to be cancelled, and is ${truth.state} (${truth.errorReason})`;
  if (step === 'ended-first' && (wasStopped || truth.state !== 'DONE')) {
    yield `${subject} is told to have ended first, and is ${truth.state} (${truth.errorReason})`;
  }
}

/** The measure is of the job and above what the policy allows, and the sentence says the same. */
export const trueMeasure: Invariant = {
  name: "an alert's measure and sentence are true",
  rule: 'section 2: finding',
  *onPublished({ event, atMs }, past, truthOf) {
    const parsed = JobAlert.safeParse(event);
    if (!parsed.success) return;
    const { data, subject } = parsed.data;
    const truth = truthOf(subject);
    if (!truth) return;
    if (!data.sentence.includes(data.policy))
      yield `the sentence about ${subject} does not name ${data.policy}: ${data.sentence}`;
    const { measured } = data;
    if (!measured) return;
    const most = mostOf(measured.limit, truth, atMs, past);
    if (measured.value > most)
      yield `${subject} is told to stand at ${measured.value} of ${measured.limit}, and never was above ${most}`;
    if (!allowedBy(past, data.policy, measured.limit).includes(measured.allowed)) {
      yield `${measured.allowed} of ${measured.limit} was never what ${data.policy} allows`;
    }
    const isCrossed = measured.value > measured.allowed;
    if (isCrossed === (data.step === 'warned'))
      yield `${subject} is ${data.step} at ${measured.value} of ${measured.allowed}`;
    yield* sentenceFaults(data.sentence, measured);
  },
};

function* sentenceFaults(
  sentence: string,
  { value, allowed, unit, basis }: NonNullable<JobAlert['data']['measured']>,
): Iterable<string> {
  const told = amountsIn(sentence);
  if (!told) {
    yield `no amounts can be read in: ${sentence}`;
    return;
  }
  if (told.allowed !== allowed)
    yield `the sentence allows ${told.allowed}, the measure ${allowed}: ${sentence}`;
  // What a job may cost at most is told in whole cents, rounded up.
  const roundedUp = unit === 'usd' && basis === 'estimate' ? Math.ceil(value * 100) / 100 : value;
  if (told.value > Math.max(value * 1.001, roundedUp))
    yield `the sentence tells ${told.value}, the measure ${value}: ${sentence}`;
  if (value > allowed !== told.value > told.allowed)
    yield `the sentence puts ${value} on the wrong side of ${allowed}: ${sentence}`;
}

/** The most that a job can have used of a limit until now. */
function mostOf(limit: string, truth: JobTruth, nowMs: number, past: Past): number {
  const { startTimeMs, endTimeMs, creationTimeMs } = truth;
  switch (limit) {
    case 'runtime':
      return startTimeMs === undefined ? 0 : (endTimeMs ?? nowMs) - startTimeMs;
    case 'pending':
      return (startTimeMs ?? endTimeMs ?? nowMs) - creationTimeMs;
    case 'slotTime':
      return truth.slotMs;
    case 'estimatedBytes':
      return truth.estimatedBytes ?? 0;
    default:
      return mostAtLooks(limit, truth, past);
  }
}

/** The most that it stood at whenever anybody looked: averages fall again, and prices are the owner's. */
function mostAtLooks(limit: string, truth: JobTruth, { looks, plan }: Past): number {
  const atLooks = (looks.get(jobOf(truth)) ?? []).flatMap((look) =>
    plan.files.flatMap(({ description }) => {
      const terms = { pricing: description?.pricing ?? {}, byEstimate: true };
      return usedOf(limit, look.truth, look.atMs, terms) ?? [];
    }),
  );
  return Math.max(0, ...atLooks);
}

function allowedBy({ plan }: Past, policy: string, limit: string): number[] {
  return plan.files.flatMap(({ description }) => {
    const limits = Object.entries(description?.policies.find(({ name }) => name === policy)?.limits ?? {});
    return limits.filter(([key]) => key === limit).map(([, amount]) => amount);
  });
}
