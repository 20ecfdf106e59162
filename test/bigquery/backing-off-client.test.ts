import { describe, expect, it } from 'vitest';
import { USUAL_BACK_OFF } from '../../shared/bigquery/back-off.ts';
import { createJobsClient, type JobsClientParts } from '../../shared/bigquery/backing-off-client.ts';
import { CallBudget } from '../../shared/bigquery/budget.ts';
import { GOOGLE_LIMITS } from '../../shared/bigquery/budget-limits.ts';
import { makeCall } from '../../shared/bigquery/caller.ts';
import type { JobsApiError } from '../../shared/bigquery/errors.ts';
import type { JobsClient, OnceOptions } from '../../shared/bigquery/jobs-client.ts';
import { ConnectionReset, type SimulatorResponse } from '../../simulator/request.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { DATE, DATE_MS, googleError, jsonAnswer } from './google-error.ts';
import { playedApi, type Step } from './played-api.ts';

const START_MS = 1_000_000;
const NAME = { projectId: 'my-project', location: 'US', jobId: 'job_1' };
const FAR = { deadlineAtMs: START_MS + 3_600_000 };
const resource = {
  jobReference: NAME,
  status: { state: 'RUNNING' },
  statistics: { creationTime: '900000', startTime: '900500' },
};
const good = jsonAnswer(200, resource);
const cancelled = jsonAnswer(200, { kind: 'bigquery#jobCancelResponse', job: resource });

type Verb = 'get' | 'cancel' | 'delete';

function world(steps: readonly Step[], parts: Partial<JobsClientParts> = {}) {
  const clock = new VirtualClock(START_MS);
  const budget = new CallBudget(clock);
  const played = playedApi(steps, () => clock.now());
  const client = createJobsClient({ api: played.api, clock, budget, random: () => 0, ...parts });
  return { clock, budget, client, ...played };
}

/** How a call ends that ends badly. */
async function failure(clock: VirtualClock, work: Promise<unknown>): Promise<JobsApiError> {
  return clock.run(
    work.then(
      () => Promise.reject(new Error('it succeeded')),
      (error: JobsApiError) => error,
    ),
  );
}

function call(client: JobsClient, verb: Verb, options = FAR): Promise<unknown> {
  return client[verb](NAME, options);
}

describe('every status and reason of the facts', () => {
  const transient = [
    [429, 'rateLimitExceeded'],
    [403, 'rateLimitExceeded'],
    [403, 'userRateLimitExceeded'],
    [403, 'quotaExceeded'],
    [400, 'jobRateLimitExceeded'],
    [400, 'backendError'],
    [400, 'internalError'],
    [400, 'badGateway'],
    [400, 'jobBackendError'],
    [400, 'jobInternalError'],
    [400, 'tableUnavailable'],
    [500, 'internalError'],
    [500, 'backendError'],
    [502, 'badGateway'],
    [503, 'backendError'],
    [504, 'anything'],
    [408, 'anything'],
  ] as const;

  it.each(transient)('%i %s of a read passes: it is made again', async (status, reason) => {
    const { clock, client, requests } = world([googleError(status, reason), good]);
    await expect(clock.run(call(client, 'get'))).resolves.toMatchObject({ job: { state: 'RUNNING' } });
    expect(requests).toHaveLength(2);
  });

  it.each(transient)(
    '%i %s of a cancel is told at once: to ask again takes another look',
    async (status, reason) => {
      const { clock, client, requests } = world([googleError(status, reason), cancelled]);
      const error = await failure(clock, call(client, 'cancel'));
      expect(error.fault).not.toBe('terminal');
      expect(requests).toHaveLength(1);
    },
  );

  it('401 is told at once, and may pass', async () => {
    const { clock, client, requests } = world([googleError(401, 'authError'), good]);
    const error = await failure(clock, call(client, 'get'));
    expect(error).toMatchObject({ name: 'UnauthenticatedError', fault: 'transient' });
    expect(requests).toHaveLength(1);
  });

  it.each([
    [404, 'notFound', 'NotFoundError'],
    [403, 'accessDenied', 'ForbiddenError'],
    [403, 'billingNotEnabled', 'TerminalError'],
    [403, 'policyViolation', 'TerminalError'],
    [403, 'responseTooLarge', 'TerminalError'],
    [400, 'invalid', 'TerminalError'],
    [400, 'invalidQuery', 'TerminalError'],
    [400, 'resourceInUse', 'TerminalError'],
    [400, 'resourcesExceeded', 'TerminalError'],
    [400, 'stopped', 'TerminalError'],
    [400, 'timeout', 'TerminalError'],
    [400, 'blocked', 'TerminalError'],
    [400, 'billingTierLimitExceeded', 'TerminalError'],
    [501, 'notImplemented', 'TerminalError'],
  ])('%i %s does not pass: it is told at once, as a %s', async (status, reason, name) => {
    const { clock, client, requests } = world([googleError(status, reason)]);
    const error = await failure(clock, call(client, 'cancel'));
    expect(error).toMatchObject({ name, status, reason, fault: 'terminal' });
    expect(error.message).toContain('my-project:US.job_1');
    expect(requests).toHaveLength(1);
  });

  it('names the permission that is missing, and a role that has it', async () => {
    const { clock, client } = world([googleError(403, 'accessDenied')]);
    const error = await failure(clock, call(client, 'get'));
    expect(error.message).toBe(
      'jobs.get of my-project:US.job_1: not permitted; grant bigquery.jobs.get on the project, ' +
        'which roles/bigquery.resourceViewer has (answer: 403 accessDenied)',
    );
  });
});

describe('back-off', () => {
  it.each([
    ['nothing', 0, [0, 0, 0, 0, 0]],
    ['nearly the full wait, which doubles up to a bound', 0.9999999, [499, 999, 1_999, 3_999, 7_999]],
  ])('with the luckiest and unluckiest draws: %s', async (_, drawn, waits) => {
    const { clock, client, sentAtMs } = world([googleError(503, 'backendError')], { random: () => drawn });
    const error = await failure(clock, call(client, 'get'));
    expect(error).toMatchObject({ name: 'UnavailableError', status: 503, fault: 'transient' });
    expect(sentAtMs.slice(1).map((atMs, index) => atMs - (sentAtMs[index] ?? 0))).toEqual(waits);
  });

  it('never waits for longer than the bound', async () => {
    const backOff = { initialMs: 500, maxMs: 1_000, attempts: 10 };
    const unlucky = world([googleError(503, 'backendError')], { backOff, random: () => 0.9999999 });
    await failure(unlucky.clock, call(unlucky.client, 'get'));
    expect(unlucky.sentAtMs).toHaveLength(10);
    expect(unlucky.clock.now()).toBe(START_MS + 499 + 8 * 999);
  });

  it('waits for at least as long as the server asks, jitter on top', async () => {
    const throttled = googleError(429, 'rateLimitExceeded', { 'retry-after': '30' });
    const { clock, client, sentAtMs } = world([throttled, good], { random: () => 0.5 });
    await clock.run(call(client, 'get'));
    expect(sentAtMs).toEqual([START_MS, START_MS + 30_250]);
  });

  it('tells which failure it gave up on', async () => {
    const { clock, client, requests } = world([googleError(500, 'internalError'), new ConnectionReset('x')]);
    const error = await failure(clock, call(client, 'get'));
    expect(requests).toHaveLength(6);
    expect(error.message).toBe('jobs.get of my-project:US.job_1: the connection failed (ECONNRESET)');
  });
});

describe('the deadline', () => {
  const answeredAfter = (clock: VirtualClock, ms: number, answer: SimulatorResponse) => async () => {
    await clock.sleep(ms);
    return answer;
  };

  it.each([
    ['a millisecond before it', 999, true],
    ['at it', 1_000, false],
    ['a millisecond after it', 1_001, false],
  ])('an answer that comes %s', async (_, afterMs, counts) => {
    const clock = new VirtualClock(START_MS);
    const { api } = playedApi([answeredAfter(clock, afterMs, good)], () => clock.now());
    const client = createJobsClient({ api, clock, random: () => 0, budget: new CallBudget(clock) });
    const got = clock.run(client.get(NAME, { deadlineAtMs: START_MS + 1_000 }));
    if (counts) await expect(got).resolves.toMatchObject({ receivedAtMs: START_MS + afterMs });
    else await expect(got).rejects.toMatchObject({ name: 'DeadlineError', waitingFor: 'an answer' });
    expect(clock.now()).toBe(START_MS + Math.min(afterMs, 1_000));
  });

  it.each([-1, 0])('that has passed (by %i ms) sends nothing', async (offset) => {
    const { clock, client, requests } = world([good]);
    const error = await failure(clock, call(client, 'cancel', { deadlineAtMs: START_MS + offset }));
    expect(error).toMatchObject({
      name: 'DeadlineError',
      waitingFor: 'a turn',
      attempts: 0,
      fault: 'transient',
    });
    expect(requests).toHaveLength(0);
  });

  it.each([
    ['a millisecond before the next attempt', 29_999, 1],
    ['at the next attempt', 30_000, 1],
    ['a millisecond after the next attempt', 30_001, 2],
  ])('%s: it does not wait in vain', async (_, afterMs, attempts) => {
    const throttled = googleError(429, 'rateLimitExceeded', { 'retry-after': '30' });
    const { clock, client, requests } = world([throttled]);
    const error = await failure(clock, call(client, 'get', { deadlineAtMs: START_MS + afterMs }));
    expect(error).toMatchObject({ name: 'DeadlineError', waitingFor: 'the next attempt' });
    expect(error.cause).toMatchObject({ name: 'ThrottledError' });
    expect(requests).toHaveLength(attempts);
    expect(clock.now()).toBe(START_MS + (attempts - 1) * 30_000);
  });

  it('says of a cancel that was never answered that it may have been done', async () => {
    const { clock, client } = world(['silent']);
    const error = await failure(clock, call(client, 'cancel', { deadlineAtMs: START_MS + 5_000 }));
    expect(error).toMatchObject({ name: 'DeadlineError', fault: 'unknown', outcome: 'unknown', attempts: 1 });
    expect(error.message).toBe(
      'jobs.cancel of my-project:US.job_1: no time left until 1970-01-01T00:16:45.000Z for an answer, ' +
        'after 1 attempt; it may have been done: look at the job',
    );
  });
});

describe('a delete', () => {
  const deleted = { status: 204, headers: { date: DATE } };

  it('is sent once, and tells when it was answered', async () => {
    const { clock, client, budget, requests } = world([deleted]);
    expect(await clock.run(client.delete(NAME, FAR))).toStrictEqual({
      dateMs: DATE_MS,
      sentAtMs: START_MS,
      receivedAtMs: START_MS,
    });
    expect(requests).toHaveLength(1);
    expect(budget.inFlight).toBe(0);
  });

  it.each([
    ['lost', new ConnectionReset('lost'), { name: 'UnavailableError', fault: 'unknown' }],
    ['a server fault', googleError(503, 'backendError'), { name: 'UnavailableError', fault: 'unknown' }],
    ['a throttle', googleError(429, 'rateLimitExceeded'), { name: 'ThrottledError', fault: 'transient' }],
    ['not found', googleError(404, 'notFound'), { name: 'NotFoundError', fault: 'terminal' }],
    [
      'a job that runs',
      googleError(400, 'resourceInUse'),
      { name: 'TerminalError', reason: 'resourceInUse' },
    ],
    [
      'no permission',
      googleError(403, 'accessDenied'),
      { name: 'ForbiddenError', permission: 'bigquery.jobs.delete' },
    ],
  ])('that is answered with %s is not sent again by itself', async (_, step, expected) => {
    const { clock, client, requests } = world([step, deleted]);
    expect(await failure(clock, client.delete(NAME, FAR))).toMatchObject({ method: 'delete', ...expected });
    expect(requests).toHaveLength(1);
  });

  it('that nobody answers may have been done', async () => {
    const { clock, client } = world(['silent']);
    const error = await failure(clock, client.delete(NAME, FAR));
    expect(error).toMatchObject({ fault: 'unknown', outcome: 'unknown' });
    expect(error.message).toMatch(/it may have been done: look at the job/);
  });

  it('is held back by what is learned once its turn has come, with a look on the same turn', async () => {
    const { clock, client, budget, requests } = world([good, deleted], {});
    const asked = client.delete(NAME, {
      ...FAR,
      beforeSending: async ({ get }) => (await get(NAME, FAR)).job.state === 'DONE',
    });
    expect(await failure(clock, asked)).toMatchObject({ name: 'HeldBackError', method: 'delete' });
    expect(requests.map(({ method }) => method)).toEqual(['GET']);
    expect(budget.inFlight).toBe(0);
  });

  it('without a location is not sent', async () => {
    const { clock, client, requests } = world([deleted]);
    const { location: _, ...nowhere } = NAME;
    const error = await failure(clock, client.delete(nowhere, FAR));
    expect(error.message).toContain('no location is known');
    expect(requests).toHaveLength(0);
  });
});

describe('what is asked before a cancel is sent', () => {
  const one = { ...GOOGLE_LIMITS, requestsPerSecond: 1, inFlight: 1 };
  const tiny = (steps: readonly Step[]) => {
    const clock = new VirtualClock(START_MS);
    const budget = new CallBudget(clock, one);
    const played = playedApi(steps, () => clock.now());
    return {
      clock,
      budget,
      client: createJobsClient({ api: played.api, clock, budget, random: () => 0 }),
      ...played,
    };
  };

  it('is asked on the turn, once it has come, and may look at the job on it', async () => {
    const { clock, client, budget, sentAtMs } = tiny([good, good, cancelled, good]);
    const waiting = [client.get(NAME, FAR), client.get(NAME, FAR)];
    const looked: number[] = [];
    const asked = client.cancel(NAME, {
      ...FAR,
      beforeSending: async ({ get }) => {
        looked.push((await get(NAME, FAR)).receivedAtMs);
        return true;
      },
    });
    await expect(clock.run(asked)).resolves.toMatchObject({ job: { state: 'RUNNING' } });
    await clock.run(Promise.all(waiting));
    expect(looked).toEqual([START_MS + 1_000]);
    expect(sentAtMs).toEqual([0, 1_000, 1_000, 2_000].map((ms) => START_MS + ms));
    expect(budget.inFlight).toBe(0);
  });

  it.each([
    ['no', async () => false, { name: 'HeldBackError', fault: 'transient' }],
    [
      'nothing, for it fails',
      async () => {
        throw new RangeError('broken');
      },
      { name: 'RangeError' },
    ],
  ])('answers %s: nothing is sent, and the turn is free', async (_, beforeSending, expected) => {
    const { clock, client, budget, requests } = tiny([cancelled]);
    expect(await failure(clock, client.cancel(NAME, { ...FAR, beforeSending }))).toMatchObject(expected);
    expect(requests).toHaveLength(0);
    expect(budget.inFlight).toBe(0);
  });

  it('answers after the deadline: nothing is sent, and nothing was done', async () => {
    const { clock, client, budget, requests } = tiny([cancelled]);
    const deadlineAtMs = START_MS + 5_000;
    const beforeSending = () => clock.sleep(5_000).then(() => true);
    const error = await failure(clock, client.cancel(NAME, { deadlineAtMs, beforeSending }));
    expect(error).toMatchObject({
      name: 'DeadlineError',
      waitingFor: 'a turn',
      attempts: 0,
      fault: 'transient',
    });
    expect(requests).toHaveLength(0);
    expect(budget.inFlight).toBe(0);
  });

  it('looks once: a look that gets no answer counts as in flight until it is written off', async () => {
    const { clock, client, budget } = tiny(['silent']);
    const beforeSending: OnceOptions['beforeSending'] = async ({ get }) => Boolean(await get(NAME, FAR));
    const error = await failure(clock, client.cancel(NAME, { ...FAR, beforeSending }));
    expect(error).toMatchObject({ name: 'UnavailableError', method: 'get' });
    expect(clock.now()).toBe(START_MS + 20_000);
    expect(budget.inFlight).toBe(1);
    await clock.advanceBy(GOOGLE_LIMITS.abandonedMs);
    expect(budget.inFlight).toBe(0);
  });
});

describe('a silent server', () => {
  it('is given up after its time and asked again', async () => {
    const { clock, client, sentAtMs } = world(['silent', good], { attemptTimeoutMs: 20_000 });
    await expect(clock.run(call(client, 'get'))).resolves.toMatchObject({ sentAtMs: START_MS + 20_000 });
    expect(sentAtMs).toEqual([START_MS, START_MS + 20_000]);
  });

  it('keeps its places in flight until they are written off', async () => {
    const { clock, client, budget } = world(['silent'], { attemptTimeoutMs: 1_000 });
    await failure(clock, call(client, 'get'));
    expect(budget.inFlight).toBe(6);
    await clock.advanceBy(GOOGLE_LIMITS.abandonedMs);
    expect(budget.inFlight).toBe(0);
  });

  it('gives its place back when it answers after all, to nobody', async () => {
    const clock = new VirtualClock(START_MS);
    const late: Step = async () => {
      await clock.sleep(5_000);
      throw new ConnectionReset('late');
    };
    const budget = new CallBudget(clock);
    const { api } = playedApi([late, good], () => clock.now());
    const client = createJobsClient({ api, clock, random: () => 0, budget, attemptTimeoutMs: 1_000 });
    await clock.run(client.get(NAME, FAR));
    expect(budget.inFlight).toBe(1);
    await clock.advanceBy(5_000);
    expect(budget.inFlight).toBe(0);
  });
});

describe('a write whose outcome is not known', () => {
  it('is unknown to who asked', async () => {
    const { clock, client } = world([googleError(503, 'backendError')]);
    const error = await failure(clock, call(client, 'cancel'));
    expect(error).toMatchObject({ fault: 'unknown', outcome: 'unknown' });
  });

  it.each([
    ['throttled ever after', googleError(429, 'rateLimitExceeded'), 'ThrottledError'],
    ['then forbidden', googleError(403, 'accessDenied'), 'ForbiddenError'],
    ['then not found', googleError(404, 'notFound'), 'NotFoundError'],
  ])('stays unknown when a repetition of it is %s', async (_, then, last) => {
    const { clock, budget, api } = world([googleError(503, 'backendError'), then]);
    const parts = {
      clock,
      budget,
      random: () => 0,
      backOff: USUAL_BACK_OFF,
      attemptTimeoutMs: 20_000,
      log: undefined,
    };
    const repeated = makeCall(parts, {
      method: 'cancel',
      target: 'my-project:US.job_1',
      deadlineAtMs: FAR.deadlineAtMs,
      send: (signal) => api.cancel(NAME, signal),
      read: ({ answer }) => answer,
    });
    const error = await failure(clock, repeated);
    expect(error).toMatchObject({ name: 'UnavailableError', fault: 'unknown', outcome: 'unknown' });
    expect(error.cause).toMatchObject({ name: last });
  });

  it('is known when nothing was ever sent', async () => {
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const { clock, client } = world([refused]);
    const error = await failure(clock, call(client, 'cancel'));
    expect(error).toMatchObject({ fault: 'transient', outcome: 'not-done' });
  });
});

describe('what comes back', () => {
  it("is the job, with BigQuery's time and ours around the attempt that was answered", async () => {
    const { clock, client } = world([googleError(503, 'backendError', { 'retry-after': '2' }), good]);
    const look = await clock.run(client.get(NAME, FAR));
    expect(look).toMatchObject({
      job: { name: NAME, state: 'RUNNING', startTimeMs: 900_500 },
      dateMs: DATE_MS,
      sentAtMs: START_MS + 2_000,
      receivedAtMs: START_MS + 2_000,
    });
  });

  it.each([
    ['an empty object', {}],
    ['nothing', undefined],
    ['a list', { kind: 'bigquery#jobList', jobs: [] }],
    ['another job', { ...resource, jobReference: { ...NAME, jobId: 'job_2' } }],
    ['the same id in another location', { ...resource, jobReference: { ...NAME, location: 'EU' } }],
    ['a job that tells no state', { jobReference: NAME }],
  ])('a get that is answered with %s is no answer', async (_, body) => {
    const bad = world([jsonAnswer(200, body)]);
    const error = await failure(bad.clock, call(bad.client, 'get'));
    expect(error).toMatchObject({ name: 'UnavailableError', fault: 'transient' });
    const passing = world([jsonAnswer(200, body), good]);
    await expect(passing.clock.run(call(passing.client, 'get'))).resolves.toHaveProperty('job');
  });

  it.each([[{}], [{ job: {} }], [{ job: { ...resource, jobReference: { ...NAME, jobId: 'other' } } }]])(
    'a cancel that is answered without a readable job was asked all the same: %j',
    async (body) => {
      const { clock, client, requests } = world([jsonAnswer(200, body)]);
      await expect(clock.run(client.cancel(NAME, FAR))).resolves.toBeUndefined();
      expect(requests).toHaveLength(1);
    },
  );
});
