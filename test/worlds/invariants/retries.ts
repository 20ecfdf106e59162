import { recordAt } from '../../../simulator/json.ts';
import { attemptName } from '../attempt-name.ts';
import type { Invariant } from '../invariant.ts';
import type { Past } from '../past.ts';
import type { FileDescription } from '../policy-description.ts';
import { answering, attemptsOf, type Failure } from '../retry-oracle.ts';
import type { Insert } from '../retry-past.ts';
import { isNobodysTable } from '../true-match.ts';
import { workOf } from '../true-work.ts';
import { lastGood } from './justified.ts';

/** BigQuery tells its time in whole seconds. */
const DATE_RESOLUTION_MS = 1_000;

/** Since when an instance has been at it: its own win, or that of whoever has the claim. */
export function wonAtMs({ claim, instance }: Insert, { retries }: Past): number | undefined {
  return claim && (retries.wins.get(`${instance} ${claim.key}`) ?? claim.wonAtMs);
}

/** When an instance last said that it asks. */
export function saidAtMs({ claim, instance }: Insert): number | undefined {
  return claim?.asked.findLast(({ by }) => by === instance)?.atMs;
}

/** What the ledger held of an insert on its way may have been lost with it. */
export function wasJustLost({ atMs }: Insert, past: Past): boolean {
  return past.lossesMs.some((lostMs) => atMs - lostMs < past.plan.timeoutMs);
}

/**
 * Every insert followed looks of that instance, made after it won the claim, at the job that failed first and at the
 * attempt that failed last, which by the file then in force are answered by the policy that the claim names.
 */
export const answered: Invariant = {
  name: 'every insert answers a failure as the policy in force has it, for the true jobs',
  rule: 'rules 1, 2, 5 and 11',
  *onInsert(insert, past) {
    const { job, claim, instance } = insert;
    if (past.plan.dryRun) yield `${job} was inserted in a dry run`;
    const sinceMs = wonAtMs(insert, past);
    if (!claim || sinceMs === undefined) {
      if (!wasJustLost(insert, past)) yield `${job} was inserted without a claim`;
      return;
    }
    const failure = failureAt(insert, sinceMs, past);
    if (!failure) {
      yield `${job} was inserted, and ${instance} had not looked at what failed after it won the claim`;
      return;
    }
    const saidMs = saidAtMs(insert) ?? sinceMs;
    const reads = past.readsBy(instance, saidMs, insert.atMs);
    const isAnswered = reads.some(({ version, atMs }) => {
      const file = version?.description ?? lastGood(instance, atMs, past);
      return file !== undefined && isAnsweredBy(file, claim.policy, failure, atMs - DATE_RESOLUTION_MS);
    });
    if (!isAnswered)
      yield `${job} was inserted for ${claim.policy}, and by no file that ${instance} read since is that to be done`;
  },
};

function isAnsweredBy(file: FileDescription, policy: string, failure: Failure, nowMs: number): boolean {
  return answering(file, failure, nowMs).some(({ name }) => name === policy);
}

/** The failure as the instance last saw it; undefined where it looked at neither job. */
function failureAt(insert: Insert, sinceMs: number, past: Past): Failure | undefined {
  const { instance, root = '', attempt = 0, atMs } = insert;
  const last = attempt === 1 ? root : nameOfAttempt(root, attempt - 1);
  const [rootLook] = past.looksAt(instance, root, sinceMs, atMs);
  const [lastLook] = past.looksAt(instance, last, sinceMs, atMs);
  if (!rootLook || !lastLook) return undefined;
  return { root: rootLook.truth, failed: lastLook.truth, attemptsMade: attempt - 1 };
}

export function nameOfAttempt(root: string, attempt: number): string {
  const dot = root.lastIndexOf('.');
  const colon = root.lastIndexOf(':');
  const [projectId, location] = [root.slice(0, colon), root.slice(colon + 1, dot)];
  return `${root.slice(0, dot + 1)}${attemptName({ projectId, location, jobId: root.slice(dot + 1) }, attempt)}`;
}

/** What is run again is the job itself, as whoever ran it, under the id that says so. */
export const same: Invariant = {
  name: 'what is run again is the same job, of the same account, under the id of its attempt',
  rule: 'rules 3, 4 and 5',
  *onInsert({ job, by, root = '', attempt = 0, isEffective, configuration, truths }) {
    const rootTruth = truths.get(root);
    if (!rootTruth) {
      yield `${job} is no attempt of any job`;
      return;
    }
    if (job !== nameOfAttempt(root, attempt)) yield `${job} is not what an attempt of ${root} is called`;
    if (by !== rootTruth.principal)
      yield `${job} was inserted as ${by}, and ${rootTruth.principal} ran ${root}`;
    const { datasetId } = recordAt(recordAt(configuration, 'query'), 'destinationTable') ?? {};
    if (isNobodysTable(String(datasetId)))
      yield `${job} was inserted with the hidden results table of ${root}`;
    const truth = truths.get(job);
    if (!isEffective || !truth) return;
    if (workOf(truth) !== workOf(rootTruth))
      yield `${job} does ${workOf(truth)}, and ${root} does ${workOf(rootTruth)}`;
    yield* guardFaults(job, rootTruth.configuration, truth.configuration);
  },
};

type Configuration = Insert['configuration'];

/** Guards only tighten, and labels only come to those that were there. */
function* guardFaults(job: string, before: Configuration, after: Configuration): Iterable<string> {
  const [own, given] = [Number(before['jobTimeoutMs'] ?? 0), Number(after['jobTimeoutMs'] ?? 0)];
  if (own > 0 && (given === 0 || given > own))
    yield `${job} may run for ${given} ms, and the job itself ${own}`;
  const labels = new Map(Object.entries(after['labels'] ?? {}));
  for (const [key, value] of Object.entries(before['labels'] ?? {}))
    if (labels.get(key) !== value) yield `${job} has lost the label ${key}: ${value}`;
}

/** One attempt after the other, each once, none too many, whatever the ledger forgot. */
export const counted: Invariant = {
  name: 'attempts follow each other, each after the one before has failed, and none is one too many',
  rule: 'rule 3',
  *onInsert(insert, past) {
    const { job, root = '', attempt = 0, isEffective, truths } = insert;
    if (!isEffective) return;
    const before = attempt === 1 ? root : nameOfAttempt(root, attempt - 1);
    const failed = truths.get(before);
    if (failed?.state !== 'DONE' || failed.errors.length === 0)
      yield `${job} was inserted, and ${before} is ${failed?.state ?? 'not there'}, without an error`;
    if (past.retries.made.has(root)) yield `${job} is an attempt of the attempt ${root}`;
    const later = past.retries.madeOf(root).filter((other) => (other.attempt ?? 0) >= attempt);
    if (later.length > 0 && !past.retries.isImitated(root, truths))
      yield `${job} was inserted after ${later[0]?.job}`;
    const most = Math.max(...allRetries(past).map(attemptsOf));
    if (past.retries.madeOf(root).length >= most) yield `${root} was run again more than ${most} times`;
  },
};

/** The policies of this verb in every version of the file. */
export function allRetries({ plan }: Past) {
  return plan.files.flatMap(({ description }) => description?.retries ?? []);
}

/** The ledger knows of every insert before BigQuery does. */
export const said: Invariant = {
  name: 'no insert without a claim that was won, and marked as asked before',
  rule: 'section 3',
  *onInsert(insert, past) {
    const { job, instance, atMs, claim } = insert;
    if (!claim) return;
    const saidMs = saidAtMs(insert);
    if (saidMs === undefined) yield `${instance} never wrote that it asks for ${job}`;
    else if (atMs - saidMs > past.plan.timeoutMs && !past.frozen.has(instance))
      yield `${instance} asked ${(atMs - saidMs) / 1_000} s after it said so, longer than it may live`;
  },
};

/** While a person has stopped everything nothing is run again, unless it was on its way. */
export const haltedRetries: Invariant = {
  name: 'nothing is run again once a person has stopped everything',
  rule: 'rule 1: observe',
  *onInsert(insert, past) {
    const { stoppedSinceMs } = past;
    if (stoppedSinceMs === undefined) return;
    const unstoppedAtMs = past.unstoppedReads.get(insert.instance) ?? 0;
    if (unstoppedAtMs < (saidAtMs(insert) ?? insert.atMs))
      yield `${insert.job} was inserted ${(insert.atMs - stoppedSinceMs) / 1_000} s after a person had stopped everything`;
  },
};
