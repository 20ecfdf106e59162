import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Claim, DueRequest, Ledger } from '../../shared/ledger/ledger.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { attemptId } from '../../shared/retry/attempt-id.ts';
import type { JobScript } from '../../simulator/job-script.ts';
import type { Ended } from './bq-watchdog.ts';
import { CALLER, ETL, repeatServer } from './repeat-server.ts';

const server = repeatServer();

const TABLE = { projectId: 'shop', datasetId: 'sales', tableId: 'orders' };
/** Not held, so that a sweep sees whether a policy has it run again. */
const GIVEN_BACK = { state: 'claimed', policy: 'by-hand', outcome: 'not-asked', askedAtMs: [] };
const FLAG = '--allow-repeated-writes';
const ALLOWED = ['--nosync', '--yes', FLAG];

function nameOf(jobId: string) {
  return { projectId: 'shop', location: 'EU', jobId };
}

/** The id of an attempt of a job of these tests. */
function again(jobId: string, attempt = 1): string {
  return attemptId(nameOf(jobId), attempt) ?? '';
}

/** What is printed in the end. */
function lastLine({ stdout }: Ended): string | undefined {
  return stdout.trimEnd().split('\n').at(-1);
}

/** Waits pass at once, too short in all to count as a clock that is wrong. */
function impatient(): Clock {
  let skippedMs = 0;
  return {
    now: () => Date.now() + skippedMs,
    sleep: async (ms, signal) => {
      if (signal === undefined) skippedMs += ms;
      else await setTimeout(ms, undefined, { signal });
    },
  };
}

test('runs a job again as its account, shows what is changed, and records it as the watchdog does', async () => {
  const name = server.failed('nightly');
  const ledger = await server.ledger();
  server.live({});
  const { code, stdout, stderr } = await server.repeat(name, { ledger, args: ['--yes'] });
  const id = again('nightly');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(
    `${name} as shop:EU.${id}, by ${ETL}, whom you act as:\n  set      jobReference.jobId (${id}; was nightly): an id is used once\n`,
  );
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(`${name} ran again as shop:EU.${id}, and succeeded`);
  expect(server.made()).toEqual([[id, ETL]]);
  const { claims, alerts } = await server.recorded(ledger);
  expect(claims).toMatchObject([
    {
      verb: 'retry',
      policy: 'by-hand',
      attempt: 1,
      state: 'ended',
      outcome: 'recovered',
      job: nameOf('nightly'),
    },
  ]);
  const retry = { attempt: 1, jobId: id, reasons: ['backendError'] };
  const by = 'ada has it run again by hand';
  expect(alerts.map(({ data }) => [data.step, data.policy, data.sentence, data.retry])).toEqual([
    ['retried', 'by-hand', `${by}: it runs again as ${id}`, retry],
    ['recovered', 'by-hand', `${by}: it succeeded as ${id}`, retry],
  ]);
});

test.each<{ jobId: string; script: Partial<JobScript>; part: string }>([
  { jobId: 'query', script: { destinationTable: TABLE, writeDisposition: 'WRITE_TRUNCATE' }, part: 'query' },
  {
    jobId: 'load',
    script: {
      type: 'LOAD',
      sourceUris: ['gs://b/o'],
      destinationTable: TABLE,
      writeDisposition: 'WRITE_TRUNCATE',
    },
    part: 'load',
  },
  {
    jobId: 'copy',
    script: { type: 'COPY', sourceTable: TABLE, destinationTable: { ...TABLE, tableId: 'copied' } },
    part: 'copy',
  },
  {
    jobId: 'extract',
    script: { type: 'EXTRACT', sourceTable: TABLE, destinationUris: ['gs://b/o.csv'] },
    part: 'extract',
  },
])('runs a job of each type again: $jobId', async ({ jobId, script, part }) => {
  expect(await server.repeat(server.failed(jobId, script))).toMatchObject({ code: 0, stderr: '' });
  expect(server.made()).toEqual([[again(jobId), ETL]]);
  expect(server.writes()[0]?.configuration).toMatchObject({ [part]: {} });
});

describe('as whom', () => {
  test('a person runs their own job as themselves', async () => {
    const name = server.failed('own', { principal: CALLER });
    const ended = await server.repeat(name);
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining(`, by you, ${CALLER}:\n`) });
    expect(server.made()).toEqual([[again('own'), CALLER]]);
  });

  test("nobody runs another person's", async () => {
    const name = server.failed('of-ben', { principal: 'ben@example.com' });
    const ended = await server.repeat(name);
    expect(ended).toEqual({
      code: 1,
      stdout: `${name} is not run again: it was run by ben@example.com, and you are ${CALLER}: nobody can act as a person, so ask ben@example.com to run it again\n`,
      stderr: '',
    });
    expect(server.writes()).toEqual([]);
  });

  test('who may not act as the account is told how to be allowed', async () => {
    const name = server.failed('no-grant');
    const ledger = await server.ledger();
    server.withhold({ permissions: ['iam.serviceAccounts.getAccessToken'] });
    const ended = await server.repeat(name, { ledger });
    expect(ended.code).toBe(1);
    expect(lastLine(ended)).toMatch(
      /BigQuery took no request: .*may not act as etl@.*name yourself, as user:/,
    );
    expect(server.made()).toEqual([]);
    expect((await server.recorded(ledger)).claims).toMatchObject([GIVEN_BACK]);
  });

  test('who may not run jobs themselves may act as an account that may', async () => {
    const name = server.failed('not-me');
    server.withhold({ permissions: ['bigquery.jobs.create'], principal: CALLER });
    expect(await server.repeat(name)).toMatchObject({ code: 0 });
    expect(server.made()).toEqual([[again('not-me'), ETL]]);
  });

  test('who may run no jobs is not taken for anybody', async () => {
    const name = server.failed('not-even-mine', { principal: CALLER });
    server.withhold({ permissions: ['bigquery.jobs.create'] });
    expect(await server.repeat(name)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('grant bigquery.jobs.create'),
    });
    expect(server.made()).toEqual([]);
  });

  test('an account that may run no jobs by now is told of', async () => {
    const name = server.failed('sacked');
    server.withhold({ permissions: ['bigquery.jobs.create'], principal: ETL });
    const ended = await server.repeat(name);
    expect(lastLine(ended)).toMatch(/took no request: .*as etl@.*grant bigquery\.jobs\.create .* to etl@/);
    expect(ended.code).toBe(1);
  });

  test('who runs their own job need not see those of others', async () => {
    const own = server.failed('seen', { principal: CALLER });
    const others = server.failed('unseen', { createdAtMs: server.nowMs() - 30_000, succeeds: true });
    server.withhold({ permissions: ['bigquery.jobs.listAll'] });
    server.forbid('unseen');
    expect(await server.repeat(own)).toMatchObject({ code: 0 });
    expect(server.made()).toEqual([[again('seen'), CALLER]]);
    expect(await server.repeat(others)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('jobs.get'),
    });
  });
});

describe('a job that is never run again', () => {
  interface Never {
    readonly jobId: string;
    readonly script: Partial<JobScript>;
    readonly says: RegExp;
  }

  test.each<Never>([
    {
      jobId: 'running',
      script: { runMs: Number.POSITIVE_INFINITY },
      says: /has not ended; nothing was done/,
    },
    {
      jobId: 'cancelled',
      script: {
        error: { reason: 'stopped', message: 'Job execution was cancelled: User requested cancellation' },
      },
      says: /it was cancelled/,
    },
    {
      jobId: 'googles',
      script: { principal: 'bigquery-adminbot@system.gserviceaccount.com' },
      says: /Google's own/,
    },
    { jobId: 'continuous', script: { continuous: true }, says: /continuous query/ },
    { jobId: 'session', script: { configuration: { createSession: true } }, says: /session/ },
    {
      jobId: 'account',
      script: { configuration: { connectionProperties: [{ key: 'service_account', value: 'x@y' }] } },
      says: /says as whom it runs; send it again yourself/,
    },
    {
      jobId: 'uploaded',
      script: { type: 'LOAD', destinationTable: TABLE, sourceUris: [] },
      says: /uploaded with it/,
    },
    {
      jobId: 'created',
      script: { query: 'CREATE TABLE sales.t (a INT64)' },
      says: /without OR REPLACE or IF NOT EXISTS/,
    },
    {
      jobId: 'old',
      script: { type: 'COPY', sourceTable: { ...TABLE, tableId: 'orders@1000' }, destinationTable: TABLE },
      says: /more than 7 days ago/,
    },
    { jobId: 'x'.repeat(1_010), script: {}, says: /would be no legal one/ },
  ])('$says', async ({ jobId, script, says }) => {
    const ledger = await server.ledger();
    const ended = await server.repeat(server.failed(jobId, script), { ledger, args: ALLOWED });
    expect(ended).toEqual({ code: 1, stdout: expect.stringMatching(says), stderr: '' });
    expect(server.writes()).toEqual([]);
    expect((await server.recorded(ledger)).claims).toEqual([]);
  });

  test("a script's child: its script is named", async () => {
    server.failed('script', { query: 'SELECT 1; SELECT 2', children: [{ runMs: 1 }] });
    const list = `${server.address()}/bigquery/v2/projects/shop/jobs?parentJobId=script&allUsers=true`;
    const child: string = JSON.parse(await (await fetch(list)).text()).jobs[0].jobReference.jobId;
    expect(await server.repeat(`shop:EU.${child}`)).toEqual({
      code: 1,
      stdout: `shop:EU.${child} is a child of the script shop:EU.script; nothing was done. Repeat the script: bq-watchdog jobs repeat shop:EU.script\n`,
      stderr: '',
    });
  });

  test('one that BigQuery does not know', async () => {
    expect(await server.repeat('shop:EU.nowhere')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/not found there[\s\S]*name the location/),
    });
  });
});

describe('a job that may do something twice', () => {
  test.each<{ jobId: string; script: Partial<JobScript>; says: string }>([
    {
      jobId: 'appended',
      script: { destinationTable: TABLE, writeDisposition: 'WRITE_APPEND' },
      says: 'it appends to its table, so that rows could be there twice',
    },
    {
      jobId: 'updated',
      script: { query: 'UPDATE sales.orders SET a = a + 1 WHERE TRUE' },
      says: 'it changes rows, and may do more when it is run later',
    },
    {
      jobId: 'dropped',
      script: { query: 'DROP TABLE sales.orders' },
      says: 'it changes what there is, who may use it or what is paid for, and may undo what was done since',
    },
  ])('is run again only by name: $jobId', async ({ jobId, script, says }) => {
    const name = server.failed(jobId, script);
    expect(await server.repeat(name)).toEqual({
      code: 1,
      stdout: `${name} is not run again: ${says}; ${FLAG} has it run again all the same\n`,
      stderr: '',
    });
    const asked: string[] = [];
    const ask = async (question: string) => {
      asked.push(question);
      return 'y';
    };
    expect(await server.repeat(name, { args: ['--nosync', FLAG], ask })).toMatchObject({ code: 0 });
    expect(asked).toEqual([`It failed with backendError. Mind that ${says}. Run it again? [y/N]`]);
    expect(server.made()).toEqual([[again(jobId), ETL]]);
  });
});

describe('the question', () => {
  test.each([
    { line: 'y', code: 0 },
    { line: ' YES ', code: 0 },
    { line: '', code: 1 },
    { line: 'n', code: 1 },
    { line: 'yesterday', code: 1 },
  ])('answered by "$line"', async ({ line, code }) => {
    const jobId = `asked-${code}-${line.trim().length}`;
    const name = server.failed(jobId);
    const ended = await server.repeat(name, { args: ['--nosync'], ask: async () => line });
    expect(ended.code).toBe(code);
    expect(server.made()).toEqual(code === 0 ? [[again(jobId), ETL]] : []);
    if (code === 1) expect(lastLine(ended)).toBe(`${name} was not run again, for you did not say yes`);
  });

  test('says that a job did not fail', async () => {
    server
      .simulator()
      .start({ ...nameOf('fine'), principal: ETL, runMs: 1, createdAtMs: server.nowMs() - 60_000 });
    const asked: string[] = [];
    const ask = async (question: string) => {
      asked.push(question);
      return 'y';
    };
    expect(await server.repeat('shop:EU.fine', { args: ['--nosync'], ask })).toMatchObject({ code: 0 });
    expect(asked).toEqual(['It did not fail. Run it again? [y/N]']);
    expect(server.made()).toEqual([[again('fine'), ETL]]);
  });

  test('can be asked of nobody without a terminal, which is said before anything is looked at', async () => {
    const name = server.failed('nobody');
    expect(await server.repeat(name, { args: [] })).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'error: nobody can be asked here: give --yes to run it again without a question, or --dry-run to see what would be sent\n',
    });
    expect(server.writes()).toEqual([]);
  });

  test('leaves time in which somebody else may run it', async () => {
    const name = server.failed('raced');
    const ledger = await server.ledger();
    const ask = async () => {
      server.failed('schedulers', {
        query: server.queryOf('raced'),
        createdAtMs: server.nowMs() - 30_000,
        succeeds: true,
      });
      return 'y';
    };
    const ended = await server.repeat(name, { ledger, args: ['--nosync'], ask });
    expect(lastLine(ended)).toMatch(/was run again since, as shop:EU\.schedulers, and that succeeded/);
    expect(server.made()).toEqual([]);
    expect((await server.recorded(ledger)).claims).toMatchObject([GIVEN_BACK]);
  });
});

describe('as JSON', () => {
  test('one value tells what was done and what is changed', async () => {
    const name = server.failed('json');
    const { code, stdout, stderr } = await server.repeat(name, {
      args: ['--yes', '--nosync', '--format', 'json'],
    });
    const id = again('json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      job: name,
      outcome: 'succeeded',
      sentence: `ran again as shop:EU.${id}, and succeeded`,
      repeatedAs: `shop:EU.${id}`,
      attempt: 1,
      principal: ETL,
      changes: expect.arrayContaining([
        { path: 'jobReference.jobId', kind: 'set', because: 'an id is used once', was: 'json', is: id },
      ]),
    });
  });

  test('who is asked sees on stderr what is changed', async () => {
    const name = server.failed('json-asked');
    const args = ['--nosync', '--format', 'json'];
    const { stdout, stderr } = await server.repeat(name, { args, ask: async () => 'no' });
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'declined' });
    expect(stderr).toContain('jobReference.jobId');
  });
});

describe('--dry-run', () => {
  test('has BigQuery check a query, as whom it would run, and needs nobody to ask', async () => {
    const name = server.failed('checked');
    const ledger = await server.ledger();
    const ended = await server.repeat(name, { ledger, args: ['--dry-run'] });
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('jobReference.jobId') });
    expect(lastLine(ended)).toBe(
      `${name} would be run again so: BigQuery takes it, and does not tell how much it would process`,
    );
    expect(server.writes()).toEqual([]);
    expect((await server.recorded(ledger)).claims).toEqual([]);
  });

  test('tells that BigQuery refuses it', async () => {
    const name = server.failed('refused');
    server.withhold({ permissions: ['bigquery.jobs.create'], principal: ETL });
    const ended = await server.repeat(name, { args: ['--dry-run'] });
    expect(ended.code).toBe(1);
    expect(lastLine(ended)).toMatch(/took no request: jobs\.insert of a job of shop as etl@/);
  });

  test('sends nothing of what is no query, for BigQuery does not say what it does then', async () => {
    const script = {
      type: 'COPY',
      sourceTable: TABLE,
      destinationTable: { ...TABLE, tableId: 'c' },
    } as const;
    const name = server.failed('not-a-query', script);
    const ended = await server.repeat(name, { args: ['--dry-run'] });
    expect(lastLine(ended)).toMatch(/would be run again so; BigQuery has dry runs of queries only/);
    expect(ended.code).toBe(0);
    expect(server.writes()).toEqual([]);
  });
});

test.each([ETL, CALLER])('where the watchdog runs dry, nothing is written: %s', async (principal) => {
  const name = server.failed(`dry-${principal.length}`, { principal });
  for (const args of [['--yes'], ['--dry-run']]) {
    const ended = await server.repeat(name, { args, environment: { WATCHDOG_DRY_RUN: 'true' } });
    expect(ended.code).toBe(1);
    expect(lastLine(ended)).toBe(`${name} was not run again, for WATCHDOG_DRY_RUN is true`);
  }
  expect(server.writes()).toEqual([]);
});

describe('an insert whose answer', () => {
  test.each([
    { jobId: 'lost', fault: { kind: 'lost', answer: 'reset' } as const },
    { jobId: 'cut', fault: { kind: 'malformed' } as const },
    { jobId: 'empty', fault: { kind: 'withoutStatus' } as const },
  ])('is $jobId made one job', async ({ jobId, fault }) => {
    const name = server.failed(jobId);
    const ledger = await server.ledger();
    server.spoil(fault);
    const ended = await server.repeat(name, { ledger, args: ['--yes'], clock: impatient() });
    expect(lastLine(ended)).toBe(`${name} ran again as shop:EU.${again(jobId)}, and succeeded`);
    expect(server.made()).toEqual([[again(jobId), ETL]]);
    expect((await server.recorded(ledger)).claims).toMatchObject([{ state: 'ended', outcome: 'recovered' }]);
  });

  test('is lost with all later ones is found by a look', async () => {
    const name = server.failed('found');
    const ledger = await server.ledger();
    const unanswered = Array.from({ length: 5 }, () => ({ kind: 'unavailable' }) as const);
    server.spoil({ kind: 'lost', answer: 'reset' }, ...unanswered);
    const ended = await server.repeat(name, { ledger, clock: impatient() });
    expect(lastLine(ended)).toBe(`${name} ran again as shop:EU.${again('found')}, and succeeded`);
    expect(server.made()).toEqual([[again('found'), ETL]]);
    expect((await server.recorded(ledger)).claims).toMatchObject([{ state: 'ended', outcome: 'recovered' }]);
  });

  test('does not come leaves it in doubt; to ask again goes on with the same attempt', async () => {
    const name = server.failed('doubtful');
    const ledger = await server.ledger();
    const clock = impatient();
    server.spoil(...Array.from({ length: 6 }, () => ({ kind: 'unavailable' }) as const));
    const ended = await server.repeat(name, { ledger, clock });
    expect(lastLine(ended)).toMatch(
      /may run again as shop:EU\.doubtful_wdr1_.*, for BigQuery did not answer/,
    );
    expect(ended.code).toBe(1);
    expect((await server.recorded(ledger)).claims).toMatchObject([{ state: 'asked' }]);
    expect(await server.repeat(name, { ledger, clock })).toMatchObject({ code: 0 });
    expect(server.made()).toEqual([[again('doubtful'), ETL]]);
  });
});

describe('an id that is taken', () => {
  test('by another job is passed over', async () => {
    const name = server.failed('squatted');
    server.failed(again('squatted'), { principal: 'mallory@example.com', query: 'SELECT 7' });
    expect(await server.repeat(name)).toMatchObject({ code: 0 });
    expect(server.made()).toEqual([[again('squatted', 2), ETL]]);
  });

  test('in the last moment is told of, and the next attempt has another', async () => {
    const name = server.failed('late');
    const ledger = await server.ledger();
    const ask = async () => {
      server.failed(again('late'), { principal: 'mallory@example.com', query: 'SELECT 7' });
      return 'y';
    };
    const ended = await server.repeat(name, { ledger, args: ['--nosync'], ask });
    expect(lastLine(ended)).toMatch(/the id of shop:EU\.late_wdr1_\w+ is that of another job/);
    expect(ended.code).toBe(1);
    const { claims, alerts } = await server.recorded(ledger);
    expect(claims).toMatchObject([{ attempt: 1, state: 'ended', outcome: 'retry-refused' }]);
    expect(alerts.map(({ data }) => [data.step, data.retry?.why])).toEqual([['retry-refused', 'id-taken']]);
    expect(await server.repeat(name, { ledger })).toMatchObject({ code: 0 });
    expect(server.made()).toEqual([[again('late', 2), ETL]]);
  });
});

describe("beside the watchdog's own retries", () => {
  const MINUTE_MS = 60_000;

  /** A retry that the watchdog has put off for ten minutes. */
  function due(jobId: string): DueRequest {
    const nowMs = Date.now();
    const finding = {
      policy: 'transient',
      degree: 'crossed',
      action: 'retry',
      mode: 'enforce',
      sentence: 's',
    } as const;
    return {
      job: nameOf(jobId),
      verb: 'retry',
      attempt: 1,
      policy: 'transient',
      finding,
      holder: 'retry-1',
      retry: {
        attemptId: again(jobId),
        principal: ETL,
        reason: 'backendError',
        rootEndedAtMs: nowMs - MINUTE_MS,
        failedAtMs: nowMs - MINUTE_MS,
        deadlineAtMs: nowMs + 60 * MINUTE_MS,
      },
      dueAtMs: nowMs + 10 * MINUTE_MS,
    };
  }

  function scheduled(jobId: string, then?: (ledger: Ledger) => Promise<unknown>): Promise<string> {
    return server.ledger(async (ledger, clock) => {
      clock.nowMs = Date.now();
      await ledger.schedule(due(jobId), []);
      await then?.(ledger);
    });
  }

  async function claimsIn(ledger: string): Promise<readonly Claim[]> {
    return (await server.recorded(ledger)).claims;
  }

  test('one that is due later is done now, under its id, and once', async () => {
    const name = server.failed('due');
    const ledger = await scheduled('due');
    expect(await server.repeat(name, { ledger })).toMatchObject({ code: 0 });
    expect(server.made()).toEqual([[again('due'), ETL]]);
    expect(await claimsIn(ledger)).toMatchObject([
      { attempt: 1, policy: 'by-hand', state: 'ended', outcome: 'recovered' },
    ]);
  });

  test('one that cannot be done now is left as it was', async () => {
    const name = server.failed('left');
    const ledger = await scheduled('left');
    const [before] = await claimsIn(ledger);
    server.withhold({ permissions: ['iam.serviceAccounts.getAccessToken'] });
    expect(await server.repeat(name, { ledger })).toMatchObject({ code: 1 });
    const [after] = await claimsIn(ledger);
    const { policy, finding, state, lookAtMs, askedAtMs, retry } = before ?? {};
    expect(after).toMatchObject({ policy, finding, state, lookAtMs, askedAtMs, retry });
    expect(after?.leaseUntilMs).toBeLessThanOrEqual(Date.now());
  });

  test('one that an instance is at is left to it', async () => {
    const name = server.failed('at-it');
    const ledger = await scheduled('at-it', (open) => open.win({ ...due('at-it'), leaseMs: 5 * MINUTE_MS }));
    const ended = await server.repeat(name, { ledger });
    expect(lastLine(ended)).toBe(
      `${name} is being run again by the watchdog already, for transient; see bq-watchdog acts`,
    );
    expect(ended.code).toBe(1);
    expect(server.made()).toEqual([]);
  });

  test('one that failed while an instance is at it is left to it', async () => {
    const name = server.failed('settling');
    server.failed(again('settling'), { query: server.queryOf('settling') });
    const ledger = await scheduled('settling', async (open) => {
      const won = await open.win({ ...due('settling'), leaseMs: 5 * MINUTE_MS });
      if (won.kind === 'won') await open.advance(won.held, { state: 'asked', askedAtMs: [Date.now()] }, []);
    });
    expect(lastLine(await server.repeat(name, { ledger }))).toMatch(
      /is being run again by the watchdog already/,
    );
    expect(server.made()).toEqual([]);
  });

  test('an attempt that runs is not made twice', async () => {
    const name = server.failed('chain');
    const ledger = await server.ledger();
    server.live({ runMs: 3_600_000 });
    expect(await server.repeat(name, { ledger })).toMatchObject({ code: 0 });
    const running = await server.repeat(name, { ledger });
    expect(lastLine(running)).toBe(
      `${name} runs again already, as shop:EU.${again('chain')}; nothing was done`,
    );
    expect(running.code).toBe(1);
    expect(server.made()).toHaveLength(1);
  });

  test('an attempt that has succeeded is named, and can be repeated itself', async () => {
    const name = server.failed('mended');
    const ledger = await server.ledger();
    expect(await server.repeat(name, { ledger })).toMatchObject({ code: 0 });
    const first = `shop:EU.${again('mended')}`;
    expect(lastLine(await server.repeat(name, { ledger }))).toBe(
      `${name} was run again since, as ${first}, and that succeeded; nothing was done. To repeat that one: bq-watchdog jobs repeat ${first}`,
    );
    expect(await server.repeat(first, { ledger })).toMatchObject({ code: 0 });
    expect(server.made()).toEqual([
      [again('mended'), ETL],
      [again('mended', 2), ETL],
    ]);
  });

  test('one that failed ends its attempt, whichever job of the chain is named', async () => {
    const name = server.failed('fails');
    const ledger = await server.ledger();
    server.live({ pendingMs: 0, runMs: 0, error: { reason: 'internalError', message: 'x' } });
    const ended = await server.repeat(name, { ledger, args: ['--yes'] });
    expect(lastLine(ended)).toMatch(
      /ran again as shop:EU\.fails_wdr1_\w+, and failed with internalError; a sweep/,
    );
    expect(ended.code).toBe(1);
    const [claim] = await claimsIn(ledger);
    expect(claim).toMatchObject({ attempt: 1, state: 'asked' });
    expect(claim?.lookAtMs).toBeLessThanOrEqual(Date.now());
    server.live({ pendingMs: 0, runMs: 0 });
    const next = await server.repeat(`shop:EU.${again('fails')}`, { ledger });
    expect(next.stdout).toContain(`as shop:EU.${again('fails', 2)}, attempt 2 of ${name}, by`);
    expect(await claimsIn(ledger)).toMatchObject([
      {
        attempt: 2,
        state: 'ended',
        outcome: 'recovered',
        retry: { reason: 'internalError', earlierReasons: ['backendError'] },
      },
      { attempt: 1, state: 'ended', outcome: 'failed' },
    ]);
    expect(server.made()).toEqual([
      [again('fails'), ETL],
      [again('fails', 2), ETL],
    ]);
  });

  test('where the ledger was lost, the jobs tell which numbers are used', async () => {
    const name = server.failed('lost-ledger');
    server.live({ pendingMs: 0, runMs: 0, error: { reason: 'internalError', message: 'x' } });
    await server.repeat(name);
    await server.repeat(name);
    expect(server.made()).toEqual([
      [again('lost-ledger'), ETL],
      [again('lost-ledger', 2), ETL],
    ]);
  });
});

describe("somebody else's job that does the same", () => {
  test.each([
    { jobId: 'other-runs', runMs: Number.POSITIVE_INFINITY, says: /runs again already, as shop:EU\.twin-/ },
    { jobId: 'other-ran', runMs: 1_000, says: /was run again since, as shop:EU\.twin-.*To repeat that one/ },
  ])('$says', async ({ jobId, runMs, says }) => {
    const name = server.failed(jobId);
    const twin = { query: server.queryOf(jobId), createdAtMs: server.nowMs() - 30_000, succeeds: true };
    server.failed(`twin-${jobId}`, { ...twin, runMs });
    const ended = await server.repeat(name);
    expect(ended).toMatchObject({ code: 1, stdout: expect.stringMatching(says) });
    expect(server.made()).toEqual([]);
  });

  test('of a job that did not fail, only one that runs counts', async () => {
    const name = server.failed('daily', { succeeds: true });
    const twin = { query: server.queryOf('daily'), createdAtMs: server.nowMs() - 30_000, succeeds: true };
    server.failed('today', twin);
    expect(await server.repeat(name)).toMatchObject({ code: 0 });
    server.failed('now', { ...twin, runMs: Number.POSITIVE_INFINITY });
    expect(await server.repeat(name)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('as shop:EU.now;'),
    });
  });

  test('cannot be told where the location does not answer', async () => {
    const name = server.failed('away');
    server.simulator().setLists({ unreachable: ['EU'] });
    expect(await server.repeat(name)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('its location does not answer'),
    });
    expect(server.made()).toEqual([]);
  });
});

test('a job that runs on when the wait is over exits 1, and a sweep goes on', async () => {
  const name = server.failed('long');
  const ledger = await server.ledger();
  server.live({ runMs: 3_600_000 });
  const ended = await server.repeat(name, { ledger, args: ['--yes', '--wait', '2s'], clock: impatient() });
  expect(lastLine(ended)).toMatch(/runs again as shop:EU\.long_wdr1_\w+, and still does after 2 s\. /);
  expect(ended.code).toBe(1);
  const [claim] = (await server.recorded(ledger)).claims;
  expect(claim).toMatchObject({ state: 'asked', retry: { createdAtMs: expect.any(Number) } });
});

test.each([600_000, -600_000])('a clock that is %d ms ahead does nothing', async (aheadMs) => {
  const name = server.failed(`skewed${aheadMs}`);
  const ledger = await server.ledger();
  const clock: Clock = { now: () => Date.now() + aheadMs, sleep: (ms) => setTimeout(ms) };
  const ended = await server.repeat(name, { ledger, clock });
  expect(ended).toMatchObject({ code: 1, stdout: expect.stringContaining("and BigQuery's differ by") });
  expect(server.made()).toEqual([]);
  expect((await server.recorded(ledger)).claims).toEqual([]);
});
