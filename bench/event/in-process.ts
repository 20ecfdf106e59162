import { cancelWork } from '../../functions/cancel-work.ts';
import { DONE } from '../../functions/outcome.ts';
import { handlePush } from '../../functions/push.ts';
import type { Job } from '../../shared/job/job.ts';
import { readAuditEntry } from '../../shared/job/read-audit-entry.ts';
import { judge } from '../../shared/judge/judge.ts';
import type { Policies } from '../../shared/policy/policy.ts';
import { readPolicies } from '../../shared/policy/read-policies.ts';
import { openWatchdog, START_MS } from '../../test/watchdog.ts';
import { cpuOf } from '../cpu-of.ts';
import type { Contender } from '../side-by-side.ts';
import { manyPolicies } from './many-policies.ts';
import { PROJECT, startedQuery } from './started-query.ts';

/** An event's work was not what is to be measured. */
export class WrongWorkError extends Error {
  override readonly name = 'WrongWorkError';

  constructor(expected: string, found: string) {
    super(`the work that is measured must be ${expected}; it was ${found}`);
  }
}

/** What the parts of an event's work take inside one process. */
export type InProcess = Readonly<
  Record<'decode' | 'handle 50' | 'handle 500' | 'judge 50' | 'judge 500', Contender>
>;

/**
 * The work of one event, in process: decoding its bytes alone, handling it whole, judging its job alone.
 *
 * @param times how often each is done in one round; what it took is the CPU time of all of them
 */
export async function inProcess(times: number): Promise<InProcess> {
  const body: { message: { data: string } } = JSON.parse(await startedQuery(START_MS));
  const { data } = body.message;
  const handle50 = await handler(50, body);
  const handle500 = await handler(500, body);
  const job = jobOf(data);
  const judge50 = judging(50, job);
  const judge500 = judging(500, job);
  const decode = (): unknown => JSON.parse(Buffer.from(data, 'base64').toString('utf8'));
  return {
    decode: () => cpuOf(times, decode),
    'handle 50': () => cpuOf(times, handle50),
    'handle 500': () => cpuOf(times, handle500),
    'judge 50': () => cpuOf(times, judge50),
    'judge 500': () => cpuOf(times, judge500),
  };
}

/** @throws WrongWorkError when the event calls BigQuery or is not done */
async function handler(policies: number, body: unknown): Promise<() => unknown> {
  const watchdog = await openWatchdog({
    policies: manyPolicies(policies),
    environment: { WATCHDOG_PROJECTS: PROJECT },
  });
  const handle = () => handlePush(body, watchdog.runtime, cancelWork);
  const outcome = await handle();
  if (outcome !== DONE || watchdog.alerts.length > 0)
    throw new WrongWorkError('an event that is judged and acquitted', JSON.stringify(outcome));
  return handle;
}

function jobOf(data: string): Job {
  const reading = readAuditEntry(JSON.parse(Buffer.from(data, 'base64').toString('utf8')));
  if (reading.kind !== 'job') throw new WrongWorkError('an entry that tells of a job', reading.kind);
  return reading.job;
}

function judging(count: number, job: Job): () => unknown {
  const policies: Policies = readPolicies(manyPolicies(count), 'bench').policies;
  const facts = { nowMs: START_MS, lackedAtMs: [], looked: false };
  return () => judge(job, policies, facts);
}
