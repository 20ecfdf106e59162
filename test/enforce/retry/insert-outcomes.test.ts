import { describe, expect, test } from 'vitest';
import { NotFoundError } from '../../../shared/bigquery/errors.ts';
import type { RetryPorts } from '../../../shared/enforce/retry-ports.ts';
import { formatJobName } from '../../../shared/job/job-name.ts';
import type { Fault } from '../../../simulator/faults.ts';
import {
  attempt,
  BACKEND_ERROR,
  ETL,
  etlPolicy,
  failing,
  HOUR_MS,
  inserted,
  MINUTE_MS,
  nameOf,
  type Retrying,
  type RetryingOptions,
  SECOND_MS,
  SECRET,
  START_MS,
  scheduled,
} from './retrying.ts';

const ONCE = [`${attempt(1)} by ${ETL}`];
const RECOVERED = ['retry-scheduled', 'retried', 'recovered'];

/** A scheduled retry, whose first inserts meet this fault. */
async function faulty(fault: Fault, times = 1, options: RetryingOptions = {}): Promise<Retrying> {
  const retrying = await scheduled(options);
  let left = times;
  retrying.simulator.setFaults(({ method }) => (method === 'insert' && left-- > 0 ? fault : undefined));
  return retrying;
}

/** The inserts that BigQuery refused because the id was taken. */
function duplicates({ simulator }: Retrying): number {
  return simulator.writes.filter(({ refused }) => refused === 'duplicate').length;
}

describe('an insert', () => {
  test.each<{ what: string; fault: Fault; times: number }>([
    { what: 'whose answer is lost', fault: { kind: 'lost', answer: 'reset' }, times: 1 },
    { what: 'whose answer never comes', fault: { kind: 'lost', answer: 'silent' }, times: 1 },
    { what: 'whose answer is cut off', fault: { kind: 'malformed' }, times: 1 },
    {
      what: 'whose answers are lost, all of them',
      fault: { kind: 'lost', answer: 'unavailable' },
      times: 99,
    },
    { what: 'that shows no status', fault: { kind: 'withoutStatus' }, times: 1 },
    { what: 'that BigQuery cannot take for a while', fault: { kind: 'unavailable' }, times: 20 },
    { what: 'that is too many at once', fault: { kind: 'rateLimitExceeded' }, times: 20 },
    { what: 'that is to wait', fault: { kind: 'tooManyRequests', retryAfterSeconds: 120 }, times: 2 },
    { what: 'that BigQuery is silent about for a while', fault: { kind: 'silent' }, times: 6 },
    { what: 'whose connection breaks for a while', fault: { kind: 'reset' }, times: 12 },
  ])('$what makes one job, which is found, told and followed', async ({ fault, times }) => {
    const retrying = await faulty(fault, times);
    await retrying.pass(40 * MINUTE_MS);
    expect(inserted(retrying)).toEqual(ONCE);
    expect(retrying.told()).toEqual(RECOVERED);
    expect(await retrying.claim(1)).toMatchObject({ state: 'ended', outcome: 'recovered' });
  });

  test('answered with a job that has failed already is followed by the next one', async () => {
    const retrying = await faulty({ kind: 'errorResult', error: BACKEND_ERROR });
    await retrying.pass(30 * SECOND_MS);
    expect(await retrying.claim(2)).toBeDefined();
    await retrying.pass(40 * MINUTE_MS);
    expect(inserted(retrying)).toHaveLength(2);
    expect(retrying.told()).toEqual([
      'retry-scheduled',
      'retried',
      'retry-scheduled',
      'retried',
      'recovered',
    ]);
  });

  test('whose answer is lost is known as ours by the guards that it was sent with', async () => {
    const guards = ', guards: { jobTimeout: 2h, maximumBytesBilled: 1 TiB, priority: BATCH }';
    const retrying = await faulty({ kind: 'lost', answer: 'reset' }, 1, { policies: etlPolicy('', guards) });
    await retrying.pass(40 * MINUTE_MS);
    expect(inserted(retrying)).toEqual(ONCE);
    expect(retrying.told()).toEqual(RECOVERED);
  });

  test('whose answer is lost is known as ours before BigQuery tells what kind of statement it is', async () => {
    const retrying = await scheduled(
      { lives: () => ({ runMs: 10 * MINUTE_MS, lateFields: { statementType: 5 * MINUTE_MS } }) },
      { query: 'CREATE OR REPLACE TABLE sales.orders AS SELECT 1' },
    );
    let left = 1;
    retrying.simulator.setFaults(({ method }) =>
      method === 'insert' && left-- > 0 ? { kind: 'lost', answer: 'silent' } : undefined,
    );
    await retrying.pass(40 * MINUTE_MS);
    expect(inserted(retrying)).toEqual(ONCE);
    expect(retrying.told()).toEqual(RECOVERED);
  });

  test('that is never taken ends at the deadline', async () => {
    const retrying = await faulty({ kind: 'unavailable' }, Number.POSITIVE_INFINITY);
    await retrying.pass(6 * HOUR_MS + 5 * MINUTE_MS);
    expect(retrying.told()).toEqual(['retry-scheduled', 'gave-up deadline-passed']);
    retrying.simulator.setFaults(undefined);
    await retrying.pass(HOUR_MS);
    expect(inserted(retrying)).toEqual([]);
  });

  test('that BigQuery refuses for what it is ends the chain', async () => {
    const retrying = await scheduled({
      policies: etlPolicy('', ', allowRepeatedWrites: true'),
      through: sending((body) => ({
        ...body,
        configuration: { ...configurationOf(body), labels: { UPPER: 'x' } },
      })),
    });
    await retrying.pass(40 * MINUTE_MS);
    expect(inserted(retrying)).toEqual([]);
    expect(retrying.told()).toEqual(['retry-scheduled', 'retry-refused request-refused']);
    expect(await retrying.claim(1)).toMatchObject({ state: 'ended', outcome: 'retry-refused' });
  });
});

test('an insert that was taken for that of another account is told as no attempt of ours', async () => {
  const retrying = await scheduled({
    through: (ports) => ({
      ...ports,
      jobs: {
        ...ports.jobs,
        insert: (projectId, body, options) =>
          ports.jobs.insert(projectId, body, { ...options, as: undefined }),
      },
    }),
  });
  await retrying.pass(40 * MINUTE_MS);
  expect(inserted(retrying)).toEqual([`${attempt(1)} by simulator@example.com`]);
  expect(retrying.told()).toEqual(['retry-scheduled', 'retry-refused id-taken']);
});

describe('an id that is taken', () => {
  /** Somebody runs a job under the id of the first attempt. */
  const squat = ({ simulator }: Retrying, principal: string, query: string, more = {}): void => {
    const createdAtMs = START_MS - MINUTE_MS;
    simulator.start({ ...nameOf(attempt(1)), principal, query, createdAtMs, ...more });
  };
  const SAME = `SELECT '${SECRET}'`;

  test.each([
    { what: 'another account', principal: 'etl-2@my-project.iam.gserviceaccount.com', query: SAME },
    { what: 'a person', principal: 'eve@example.com', query: SAME },
    { what: 'its own account, for something else', principal: ETL, query: 'SELECT 2' },
  ])('by $what ends the chain, and people are told', async ({ principal, query }) => {
    const retrying = await scheduled();
    squat(retrying, principal, query);
    await retrying.pass(40 * MINUTE_MS);
    expect(inserted(retrying)).toEqual([]);
    expect(duplicates(retrying)).toBe(1);
    expect(retrying.told()).toEqual(['retry-scheduled', 'retry-refused id-taken']);
  });

  test.each(['etl-2@my-project.iam.gserviceaccount.com', 'eve@example.com'])(
    'by %s, whose job fails, is no failure of an attempt',
    async (principal) => {
      const retrying = await scheduled();
      squat(retrying, principal, SAME, { error: BACKEND_ERROR });
      await retrying.answer(attempt(1));
      expect(await retrying.claim(1)).toMatchObject({ state: 'claimed', askedAtMs: [] });
      expect(await retrying.claim(2)).toBeUndefined();
    },
  );

  test('by its own account, for the same, counts as the attempt', async () => {
    const retrying = await scheduled();
    squat(retrying, ETL, SAME, { createdAtMs: START_MS });
    await retrying.pass(40 * MINUTE_MS);
    expect(inserted(retrying)).toEqual([]);
    expect(retrying.told()).toEqual(RECOVERED);
  });

  test('by a job of which BigQuery tells nothing is waited for', async () => {
    const retrying = await scheduled({ through: unseen(attempt(1), 40 * MINUTE_MS) });
    squat(retrying, ETL, SAME, { createdAtMs: START_MS });
    await retrying.pass(30 * MINUTE_MS);
    expect(retrying.told()).toEqual(['retry-scheduled']);
    await retrying.pass(30 * MINUTE_MS);
    expect(retrying.told()).toEqual(RECOVERED);
  });
});

describe('a 404 after an insert', () => {
  test('whose answer was lost is waited out for a minute, and nothing is sent again', async () => {
    const retrying = await scheduled({ through: unseen(attempt(1), 80 * SECOND_MS) });
    let left = 99;
    retrying.simulator.setFaults(({ method }) =>
      method === 'insert' && left-- > 90 ? { kind: 'lost', answer: 'silent' } : undefined,
    );
    await retrying.pass(40 * MINUTE_MS);
    expect(inserted(retrying)).toEqual(ONCE);
    expect(retrying.told()).toEqual(RECOVERED);
  });

  test('that was answered is waited out, too', async () => {
    const retrying = await scheduled({ through: unseen(attempt(1), 80 * SECOND_MS) });
    await retrying.pass(40 * MINUTE_MS);
    expect(retrying.told()).toEqual(RECOVERED);
  });

  test('long after the job was seen ends the chain', async () => {
    const retrying = await scheduled({
      through: unseen(attempt(1), 24 * HOUR_MS),
      lives: () => ({ runMs: HOUR_MS }),
    });
    await retrying.pass(40 * MINUTE_MS);
    expect(inserted(retrying)).toEqual(ONCE);
    expect(retrying.told()).toEqual(['retry-scheduled', 'retried', 'gave-up gone']);
  });

  test('of the job that the chain began with ends it', async () => {
    const retrying = await scheduled({ through: unseen('root', 24 * HOUR_MS, SECOND_MS) });
    await retrying.pass(10 * MINUTE_MS);
    expect(inserted(retrying)).toHaveLength(0);
    expect(retrying.told()).toEqual(['retry-scheduled', 'gave-up gone']);
  });

  test('of the attempt that failed before ends it, too', async () => {
    const through = unseen(attempt(1), 24 * HOUR_MS, 21 * SECOND_MS);
    const retrying = await scheduled({ through, lives: failing() });
    await retrying.pass(20 * SECOND_MS);
    await retrying.answer(attempt(1));
    await retrying.pass(HOUR_MS);
    expect(inserted(retrying)).toEqual(ONCE);
    expect(retrying.told()).toEqual(['retry-scheduled', 'retried', 'retry-scheduled', 'gave-up gone']);
  });
});

describe('what may not be done', () => {
  const told = ({ alerts }: Retrying): unknown[] =>
    alerts.filter(({ type }) => type === 'bigquery-watchdog.permission.missing.v1').map(({ data }) => data);

  test.each([
    {
      what: 'act as the account',
      withheld: { permissions: ['iam.serviceAccounts.getAccessToken'], account: ETL } as const,
      names: 'roles/iam.serviceAccountTokenCreator',
    },
    {
      what: 'run jobs as it',
      withheld: { permissions: ['bigquery.jobs.create'], principal: ETL } as const,
      names: 'bigquery.jobs.create',
    },
  ])(
    '$what is told once, tried every five minutes, and done once it is granted',
    async ({ withheld, names }) => {
      const retrying = await scheduled();
      retrying.simulator.setWithheld([{ ...withheld, permissions: [...withheld.permissions] }]);
      await retrying.pass(20 * MINUTE_MS);
      expect(inserted(retrying)).toEqual([]);
      expect(retrying.told()).toEqual(['retry-scheduled', 'observed permission-missing']);
      expect(JSON.stringify(told(retrying))).toContain(names);
      expect(told(retrying)).toMatchObject([
        { sentence: expect.stringContaining(`jobs of ${ETL} cannot be run again in project my-project: `) },
      ]);
      expect(await retrying.claim(1)).toMatchObject({ state: 'claimed', askedAtMs: [] });
      retrying.simulator.setWithheld([]);
      await retrying.pass(10 * MINUTE_MS);
      expect(inserted(retrying)).toEqual(ONCE);
      expect(retrying.told().slice(2)).toEqual(['retried', 'recovered']);
    },
  );

  test('for good ends at the deadline', async () => {
    const retrying = await scheduled();
    retrying.simulator.setMissingAccounts([ETL]);
    await retrying.pass(6 * HOUR_MS + 5 * MINUTE_MS);
    expect(inserted(retrying)).toEqual([]);
    expect(JSON.stringify(told(retrying))).not.toContain('watched');
    expect(retrying.told()).toEqual([
      'retry-scheduled',
      'observed permission-missing',
      'gave-up deadline-passed',
    ]);
  });

  test.each(['bigquery.jobs.get', 'bigquery.jobs.listAll'] as const)(
    'look at jobs (%s) has nothing inserted',
    async (permission) => {
      const retrying = await scheduled();
      retrying.simulator.setFaults(({ method }) =>
        permission.endsWith(method) || (method === 'list' && permission.endsWith('listAll'))
          ? { kind: 'accessDenied' }
          : undefined,
      );
      await retrying.pass(10 * MINUTE_MS);
      expect(inserted(retrying)).toEqual([]);
      expect(JSON.stringify(told(retrying))).toContain(permission);
      retrying.simulator.setFaults(undefined);
      await retrying.pass(10 * MINUTE_MS);
      expect(inserted(retrying)).toEqual(ONCE);
    },
  );
});

test.each([
  { what: 'lists', isIt: (method: string) => method === 'list', told: [] },
  { what: 'looks at attempts', isIt: (_: string, path: string) => path.includes('_wdr'), told: ['retried'] },
])('a claim for which $what fail is free before its lease ends', async ({ isIt, told }) => {
  const retrying = await scheduled();
  const untilMs = START_MS + 90 * SECOND_MS;
  retrying.simulator.setFaults(({ method, request: { path } }) =>
    method !== 'insert' && isIt(method, path) && retrying.clock.now() < untilMs
      ? { kind: 'unavailable' }
      : undefined,
  );
  await retrying.pass(90 * SECOND_MS);
  expect(retrying.told()).toEqual(['retry-scheduled', ...told]);
  expect(retrying.faults.length).toBeGreaterThan(0);
  await retrying.pass(2 * MINUTE_MS);
  expect(retrying.told()).toEqual(RECOVERED);
});

test('while BigQuery is silent nothing is done or told, and later everything', async () => {
  const retrying = await scheduled({ lives: failing() });
  retrying.simulator.setFaults(() => ({ kind: 'silent' }));
  await retrying.pass(20 * MINUTE_MS);
  expect(retrying.told()).toEqual(['retry-scheduled']);
  expect(retrying.faults.length).toBeGreaterThan(0);
  retrying.simulator.setFaults(undefined);
  await retrying.pass(2 * HOUR_MS);
  expect(inserted(retrying)).toHaveLength(3);
  expect(retrying.told().at(-1)).toBe('gave-up attempts-used');
});

/** Hides a job from looks until so long after the start, and from so long after it on. */
function unseen(jobId: string, untilMs: number, fromMs = 0): (ports: RetryPorts) => RetryPorts {
  return (ports) => {
    const { jobs, clock } = ports;
    const isHidden = (name: { jobId: string }): boolean => {
      const sinceMs = clock.now() - START_MS;
      return name.jobId === jobId && sinceMs >= fromMs && sinceMs < untilMs;
    };
    const hidden = (name: { projectId: string; jobId: string }): NotFoundError =>
      new NotFoundError({ method: 'get', target: formatJobName(name), status: 404, reason: 'notFound' });
    return {
      ...ports,
      jobs: {
        ...jobs,
        get: async (name, options) => {
          if (isHidden(name)) throw hidden(name);
          return jobs.get(name, options);
        },
        getWhole: async (name, options) => {
          if (isHidden(name)) throw hidden(name);
          return jobs.getWhole(name, options);
        },
      },
    };
  };
}

/** Sends another body than the one that was made. */
function sending(change: (body: object) => object): (ports: RetryPorts) => RetryPorts {
  return (ports) => ({
    ...ports,
    jobs: {
      ...ports.jobs,
      insert: (projectId, body, options) =>
        ports.jobs.insert(projectId, typeof body === 'object' && body ? change(body) : body, options),
    },
  });
}

function configurationOf(body: object): object {
  const { configuration } = { configuration: {}, ...body };
  return configuration;
}
