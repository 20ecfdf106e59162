import { describe, expect, test } from 'vitest';
import { Sealed } from '../../../shared/bigquery/sealed.ts';
import type { RetryPorts } from '../../../shared/enforce/retry-ports.ts';
import type { JobScript } from '../../../simulator/job-script.ts';
import {
  BACKEND_ERROR,
  ETL,
  etlPolicy,
  fail,
  failing,
  HOUR_MS,
  inserted,
  MINUTE_MS,
  nameOf,
  openRetrying,
  type Retrying,
  SECOND_MS,
  SECRET,
  START_MS,
  scheduled,
} from './retrying.ts';

/** What somebody else runs, a second after the failure unless it says otherwise. */
function other({ simulator }: Retrying, more: Partial<JobScript> = {}): void {
  simulator.start({
    ...nameOf('other'),
    principal: ETL,
    query: `SELECT '${SECRET}'`,
    createdAtMs: START_MS,
    ...more,
  });
}

describe('a job of the same account and configuration, created since the failure,', () => {
  test('that succeeded has done the work: nothing is inserted', async () => {
    const retrying = await scheduled();
    other(retrying);
    await retrying.pass(10 * MINUTE_MS);
    expect(inserted(retrying)).toEqual([]);
    expect(retrying.told()).toEqual(['retry-scheduled', 'recovered run-by-others']);
    expect(await retrying.claim(1)).toMatchObject({ state: 'ended', outcome: 'recovered', askedAtMs: [] });
  });

  test.each([
    { what: 'runs', more: { runMs: 20 * MINUTE_MS } },
    { what: 'pends', more: { pendingMs: 19 * MINUTE_MS, runMs: MINUTE_MS } },
    {
      what: 'has other labels and guards',
      more: { runMs: 20 * MINUTE_MS, labels: { by: 'hand' }, priority: 'BATCH' as const },
    },
  ])('that $what is waited for, and does the work', async ({ more }) => {
    const retrying = await scheduled();
    other(retrying, more);
    await retrying.pass(15 * MINUTE_MS);
    expect(retrying.told()).toEqual(['retry-scheduled']);
    expect(await retrying.claim(1)).toMatchObject({ state: 'claimed', askedAtMs: [] });
    await retrying.pass(15 * MINUTE_MS);
    expect(inserted(retrying)).toEqual([]);
    expect(retrying.told()).toEqual(['retry-scheduled', 'recovered run-by-others']);
  });

  test('that runs, and of which BigQuery does not tell yet what kind of statement it is, is waited for', async () => {
    const query = 'CREATE OR REPLACE TABLE sales.orders AS SELECT 1';
    const retrying = await scheduled({}, { query });
    other(retrying, { query, runMs: 20 * MINUTE_MS, lateFields: { statementType: 15 * MINUTE_MS } });
    await retrying.pass(15 * MINUTE_MS);
    expect(inserted(retrying)).toEqual([]);
    await retrying.pass(15 * MINUTE_MS);
    expect(retrying.told()).toEqual(['retry-scheduled', 'recovered run-by-others']);
  });

  test('or a little before it, that runs still is waited for; its success is not of that failure', async () => {
    const retrying = await scheduled();
    other(retrying, { createdAtMs: START_MS - 5 * SECOND_MS, runMs: 20 * MINUTE_MS });
    await retrying.pass(15 * MINUTE_MS);
    expect(inserted(retrying)).toEqual([]);
    await retrying.pass(15 * MINUTE_MS);
    expect(inserted(retrying)).toHaveLength(1);
  });

  test('that fails in the end keeps nothing back', async () => {
    const retrying = await scheduled();
    other(retrying, { runMs: 20 * MINUTE_MS, error: BACKEND_ERROR });
    await retrying.pass(15 * MINUTE_MS);
    expect(inserted(retrying)).toEqual([]);
    await retrying.pass(15 * MINUTE_MS);
    expect(inserted(retrying)).toHaveLength(1);
  });

  test('that comes between two attempts has done the work, too', async () => {
    const retrying = await scheduled({ lives: failing() });
    await retrying.pass(30 * SECOND_MS);
    expect(inserted(retrying)).toHaveLength(1);
    other(retrying, { createdAtMs: START_MS + 2 * SECOND_MS, runMs: SECOND_MS });
    await retrying.pass(HOUR_MS);
    expect(inserted(retrying)).toHaveLength(1);
    expect(retrying.told().at(-1)).toBe('recovered run-by-others');
  });

  test('that a list shows late, is found by a later attempt', async () => {
    const retrying = await scheduled({ lives: failing() });
    other(retrying);
    retrying.simulator.setLists({ stalenessMs: 5 * MINUTE_MS });
    await retrying.pass(HOUR_MS);
    expect(inserted(retrying).length).toBeLessThan(3);
    expect(retrying.told().at(-1)).toBe('recovered run-by-others');
  });
});

describe('a job keeps nothing back that', () => {
  test.each([
    { what: 'is of another account', more: { principal: 'etl-2@my-project.iam.gserviceaccount.com' } },
    { what: 'does something else', more: { query: 'SELECT 2' } },
    {
      what: 'was created before the failure and has ended',
      more: { createdAtMs: START_MS - 5 * SECOND_MS, runMs: 10 * SECOND_MS },
    },
    { what: 'runs in another location', more: { location: 'EU' } },
    { what: 'has failed', more: { error: BACKEND_ERROR } },
  ])('$what', async ({ more }) => {
    const retrying = await scheduled();
    other(retrying, more);
    await retrying.pass(10 * MINUTE_MS);
    expect(inserted(retrying)).toHaveLength(1);
  });
});

test('a job that writes to another table is not even looked at', async () => {
  const table = (tableId: string) => ({ projectId: 'my-project', datasetId: 'sales', tableId });
  const retrying = await scheduled({}, { destinationTable: table('orders') });
  other(retrying, { jobId: 'elsewhere', destinationTable: table('returns') });
  other(retrying, { jobId: 'there', query: 'SELECT 2', destinationTable: table('orders') });
  const looked: string[] = [];
  retrying.simulator.setFaults(({ method, request }) => {
    if (method === 'get') looked.push(request.path.replace(/^.*jobs\/|\?.*$/g, ''));
    return undefined;
  });
  await retrying.pass(5 * MINUTE_MS);
  expect(inserted(retrying)).toHaveLength(1);
  expect(looked).toContain('there');
  expect(looked).not.toContain('elsewhere');
});

test('nothing is inserted while its location does not answer, for nobody knows what runs there', async () => {
  const retrying = await scheduled();
  retrying.simulator.setLists({ unreachable: ['US'] });
  await retrying.pass(10 * MINUTE_MS);
  expect(inserted(retrying)).toEqual([]);
  expect(retrying.told()).toEqual(['retry-scheduled']);
  retrying.simulator.setLists({ unreachable: ['EU'] });
  await retrying.pass(5 * MINUTE_MS);
  expect(inserted(retrying)).toHaveLength(1);
});

test('of what is only compared nothing is read but what it does', async () => {
  const reads: string[] = [];
  const through = (ports: RetryPorts): RetryPorts => ({
    ...ports,
    // Whoever reads more of a job wants it, lest its texts come through.
    get redactionKey() {
      reads.push('more');
      return undefined;
    },
    jobs: {
      ...ports.jobs,
      getWhole: async (...args) => {
        const look = await ports.jobs.getWhole(...args);
        const status = { state: 'DONE', errors: [BACKEND_ERROR] };
        return { ...look, resource: new Sealed({ ...look.resource.take(), status }) };
      },
    },
  });
  const readsBeside = async (others: number): Promise<number> => {
    reads.length = 0;
    const retrying = await scheduled({ through });
    for (let index = 0; index < others; index++)
      other(retrying, { jobId: `other-${index}`, query: `SELECT ${index}` });
    await retrying.pass(5 * MINUTE_MS);
    expect(inserted(retrying)).toHaveLength(1);
    return reads.length;
  };
  expect(await readsBeside(20)).toBe(await readsBeside(0));
});

test('two that failed alike are run again once: the retry of one does the work of the other', async () => {
  const retrying = await openRetrying();
  for (const jobId of ['a', 'b']) {
    fail(retrying, { jobId });
    await retrying.answer(jobId);
  }
  await retrying.pass(10 * MINUTE_MS);
  expect(inserted(retrying)).toHaveLength(1);
  expect([retrying.told('a').at(-1), retrying.told('b').at(-1)].toSorted()).toEqual([
    'recovered',
    'recovered run-by-others',
  ]);
});

test('what was compared once is not looked at again', async () => {
  const hourly = etlPolicy().replace('initial: 1m, factor: 2, max: 30m', 'initial: 1h, factor: 1, max: 1h');
  const retrying = await scheduled({ policies: hourly, lives: failing() });
  for (let index = 0; index < 20; index++)
    other(retrying, { jobId: `other-${index}`, query: `SELECT ${index}` });
  const gets = new Map<string, number>();
  retrying.simulator.setFaults(({ method, request }) => {
    const jobId = /other-\d+/.exec(request.path)?.[0];
    if (method === 'get' && jobId) gets.set(jobId, (gets.get(jobId) ?? 0) + 1);
    return undefined;
  });
  await retrying.pass(6 * HOUR_MS);
  expect(inserted(retrying)).toHaveLength(3);
  expect(Math.max(...gets.values())).toBeLessThan(3);
});

test('of many jobs of one account that are run again, each is looked at once, not once for each of the others', async () => {
  const count = 30;
  const caps = ', caps: { perProjectPerHour: 1000, perPrincipalPerHour: 1000 }';
  const retrying = await openRetrying({ policies: etlPolicy('', caps) });
  const ids = Array.from({ length: count }, (_, index) => `root_${index}`);
  for (const jobId of ids) fail(retrying, { jobId, query: `SELECT '${SECRET} ${jobId}'` });
  for (const jobId of ids) await retrying.answer(jobId);
  let gets = 0;
  retrying.simulator.setFaults(({ method }) => {
    if (method === 'get') gets += 1;
    return undefined;
  });
  await retrying.pass(20 * MINUTE_MS);
  expect(inserted(retrying)).toHaveLength(count);
  expect(ids.filter((jobId) => retrying.told(jobId).at(-1) !== 'recovered')).toEqual([]);
  expect(gets).toBeLessThan(7 * count);
});
