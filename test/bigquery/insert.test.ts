import { describe, expect, it } from 'vitest';
import { createJobsClient } from '../../shared/bigquery/backing-off-client.ts';
import { CallBudget } from '../../shared/bigquery/budget.ts';
import type { JobsApiError } from '../../shared/bigquery/errors.ts';
import type { Fault } from '../../simulator/faults.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { simulatedImpersonator, simulatedJobsApi } from '../simulated-jobs-api.ts';
import { googleError, jsonAnswer, SECRET } from './google-error.ts';
import { playedApi, type Step } from './played-api.ts';

const NOW_MS = Date.UTC(2026, 0, 6, 10, 0, 0);
const NAME = { projectId: 'shop', location: 'EU', jobId: 'root_wdr1_abc' };
const ETL = 'etl@shop.iam.gserviceaccount.com';
const BODY = { jobReference: NAME, configuration: { query: { query: SECRET } } };
const OPTIONS = { deadlineAtMs: NOW_MS + 300_000, as: ETL };

/** A client on a simulated BigQuery whose inserts meet these faults in turn. */
function world(...faults: (Fault | undefined)[]) {
  const clock = new VirtualClock(NOW_MS);
  const simulator = new Simulator({
    clock,
    random: () => 0.5,
    faults: ({ method }) => (method === 'insert' ? faults.shift() : undefined),
  });
  const handle = simulator.handle.bind(simulator);
  const api = simulatedJobsApi(handle, { impersonator: simulatedImpersonator(handle, clock) });
  const client = createJobsClient({ api, clock, random: () => 0.5, budget: new CallBudget(clock) });
  const insert = (body: unknown = BODY, options: { as: string | undefined } = OPTIONS) =>
    clock.run(client.insert('shop', body, { ...OPTIONS, ...options }));
  return { clock, simulator, client, insert, left: faults };
}

/** A client on answers that are played as they are. */
function played(...steps: Step[]) {
  const clock = new VirtualClock(NOW_MS);
  const { api, requests } = playedApi(steps, () => clock.now());
  const client = createJobsClient({ api, clock, random: () => 0.5, budget: new CallBudget(clock) });
  const insert = (body: unknown = BODY) =>
    clock.run(client.insert('shop', body, { ...OPTIONS, as: undefined }));
  return { insert, requests };
}

describe('an insert', () => {
  it('runs a job as the account, and shows it', async () => {
    const { insert, simulator } = world();
    expect(await insert()).toMatchObject({ job: { name: NAME, principal: ETL }, dateMs: NOW_MS });
    expect(simulator.writes).toMatchObject([{ method: 'insert', job: NAME, by: ETL, effective: true }]);
  });

  it('runs a job as who calls, if no account is named', async () => {
    const { insert } = world();
    const look = await insert(BODY, { as: undefined });
    expect(look?.job.principal).toBe('simulator@example.com');
  });

  it('shows a job that failed at once', async () => {
    const { insert } = world({ kind: 'errorResult', error: { reason: 'invalidQuery', message: SECRET } });
    const look = await insert();
    expect(look?.job).toMatchObject({ state: 'DONE', error: { reason: 'invalidQuery' } });
    expect(JSON.stringify(look)).not.toContain('hunter2');
  });

  it('reads a job that is told without status', async () => {
    const { insert } = world({ kind: 'withoutStatus' });
    expect((await insert())?.job.name).toEqual(NAME);
  });

  it.each([
    ['nothing at all', {}],
    ['another job', { jobReference: { ...NAME, jobId: 'other' }, status: { state: 'RUNNING' } }],
  ])('is accepted without a look when the answer tells of %s', async (_, body) => {
    const { insert, requests } = played(jsonAnswer(200, body));
    expect(await insert()).toBeUndefined();
    expect(requests).toHaveLength(1);
  });

  it("makes no job of BigQuery's own dry run, and gives no look", async () => {
    const { insert, simulator } = world();
    const configuration = { dryRun: true, query: { query: 'SELECT 1' } };
    expect(await insert({ ...BODY, configuration })).toBeUndefined();
    expect(simulator.truth(NAME)).toBeUndefined();
  });

  it.each([
    ['names no job', { configuration: {} }],
    ['has no id', { ...BODY, jobReference: { ...NAME, jobId: '' } }],
    ['has no location', { ...BODY, jobReference: { projectId: 'shop', jobId: 'job_1' } }],
    ['is of another project', { ...BODY, jobReference: { ...NAME, projectId: 'other' } }],
    ['is nothing', undefined],
  ])('is not sent when its body %s', async (_, body) => {
    const { insert, requests } = played(jsonAnswer(200, {}));
    await expect(insert(body ?? null)).rejects.toMatchObject({ name: 'TerminalError', method: 'insert' });
    expect(requests).toEqual([]);
  });
});

describe('an insert that is asked about before each attempt', () => {
  const asking = (answers: (boolean | Error)[], ...faults: Fault[]) => {
    const { clock, client, simulator } = world(...faults);
    const beforeSending = async (): Promise<boolean> => {
      const answer = answers.shift() ?? false;
      if (answer instanceof Error) throw answer;
      return answer;
    };
    return { simulator, sent: clock.run(client.insert('shop', BODY, { ...OPTIONS, beforeSending })) };
  };

  it('is sent while it is wanted', async () => {
    const { simulator, sent } = asking([true, true], { kind: 'unavailable' });
    expect((await sent)?.job.name).toEqual(NAME);
    expect(simulator.writes).toHaveLength(1);
  });

  it('is not sent when it is wanted no more', async () => {
    const { simulator, sent } = asking([false]);
    await expect(sent).rejects.toMatchObject({ name: 'HeldBackError', fault: 'transient' });
    expect(simulator.writes).toEqual([]);
  });

  it('is not sent when nobody can say', async () => {
    const { simulator, sent } = asking([new RangeError('the policy is gone')]);
    await expect(sent).rejects.toThrow('the policy is gone');
    expect(simulator.writes).toEqual([]);
  });

  it('is not repeated when it is wanted no more, and nothing was done', async () => {
    const { simulator, sent } = asking([true, false], { kind: 'rateLimitExceeded' });
    await expect(sent).rejects.toMatchObject({ name: 'HeldBackError' });
    expect(simulator.writes).toEqual([]);
  });

  it.each([false, new RangeError('the policy is gone')])(
    'stays in doubt when an earlier attempt may have been done (then: %s)',
    async (answer) => {
      const { simulator, sent } = asking([true, answer], { kind: 'lost', answer: 'reset' });
      await expect(sent).rejects.toMatchObject({ name: 'UnavailableError', fault: 'unknown' });
      expect(simulator.writes).toHaveLength(1);
    },
  );
});

describe('an insert that is not simply answered', () => {
  it.each<{ name: string; faults: Fault[] }>([
    { name: 'throttled', faults: [{ kind: 'rateLimitExceeded' }, { kind: 'tooManyRequests' }] },
    { name: 'reset before it was heard', faults: [{ kind: 'reset' }] },
    {
      name: 'met by server faults that did nothing',
      faults: [{ kind: 'unavailable' }, { kind: 'internalError' }],
    },
    { name: 'not answered', faults: [{ kind: 'silent' }] },
  ])('is repeated under the same id: $name', async ({ faults }) => {
    const { insert, simulator, left } = world(...faults);
    expect((await insert())?.job.name).toEqual(NAME);
    expect(left).toEqual([]);
    expect(simulator.allTruths()).toMatchObject([NAME]);
  });

  it.each<{ name: string; fault: Fault }>([
    { name: 'the answer is lost', fault: { kind: 'lost', answer: 'reset' } },
    { name: 'a 503 stands for it', fault: { kind: 'lost', answer: 'unavailable' } },
    { name: 'no answer ever comes', fault: { kind: 'lost', answer: 'silent' } },
    { name: 'it is cut off', fault: { kind: 'malformed' } },
  ])('ends as a duplicate that may be ours, and as one job: $name', async ({ fault }) => {
    const { insert, simulator, client, clock } = world(fault);
    await expect(insert()).rejects.toMatchObject({
      name: 'DuplicateError',
      fault: 'unknown',
      earlier: 'unknown',
      account: ETL,
    });
    expect(simulator.allTruths()).toHaveLength(1);
    const look = await clock.run(client.get(NAME, OPTIONS));
    expect(look.job.principal).toBe(ETL);
  });

  it('says of an id that was taken before that it is none of this call', async () => {
    const { insert, simulator } = world();
    simulator.start({ ...NAME, principal: 'mallory@example.com' });
    await expect(insert()).rejects.toMatchObject({
      name: 'DuplicateError',
      fault: 'unknown',
      earlier: 'not-done',
      message: `jobs.insert of shop:EU.root_wdr1_abc as ${ETL}: a job of that id exists already; get it to see whose it is (answer: 409 duplicate)`,
    });
  });

  it('is of unknown outcome when time runs out before it is answered', async () => {
    const { clock, client } = world({ kind: 'lost', answer: 'silent' });
    const inserted = client.insert('shop', BODY, { as: ETL, deadlineAtMs: NOW_MS + 1_000 });
    await expect(clock.run(inserted)).rejects.toMatchObject({ name: 'DeadlineError', fault: 'unknown' });
  });
});

describe('an insert that is refused', () => {
  it('names the permission, a role, and the account that lacks it', async () => {
    const { insert, simulator } = world();
    simulator.setWithheld([{ permissions: ['bigquery.jobs.create'], principal: ETL }]);
    await expect(insert()).rejects.toMatchObject({
      name: 'ForbiddenError',
      permission: 'bigquery.jobs.create',
      role: 'roles/bigquery.jobUser',
      message: `jobs.insert of shop:EU.root_wdr1_abc as ${ETL}: not permitted; grant bigquery.jobs.create on the project to ${ETL}, which roles/bigquery.jobUser has (answer: 403 accessDenied)`,
    });
  });

  it.each([
    { name: 'may not be acted as', error: 'NotImpersonableError' },
    { name: 'is not there', error: 'NoSuchAccountError' },
  ])('for an account that $name runs nothing', async ({ error }) => {
    const { insert, simulator } = world();
    if (error === 'NoSuchAccountError') simulator.setMissingAccounts([ETL]);
    else simulator.setWithheld([{ permissions: ['iam.serviceAccounts.getAccessToken'], account: ETL }]);
    await expect(insert()).rejects.toMatchObject({ name: error, fault: 'terminal', account: ETL });
    expect(simulator.writes).toEqual([]);
  });

  it('keeps what BigQuery quotes of the query to itself', async () => {
    const { insert, requests } = played(googleError(400, 'invalidQuery'));
    const error = await insert().catch((thrown: JobsApiError) => thrown);
    expect(error).toMatchObject({ name: 'TerminalError', fault: 'terminal', reason: 'invalidQuery' });
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('hunter2');
    expect(requests).toHaveLength(1);
  });
});
