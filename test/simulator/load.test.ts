import { describe, expect, test } from 'vitest';
import { at, idsOf, playground, START_MS } from './playground.ts';

const JOBS = '/bigquery/v2/projects/shop/jobs';

function resource(state: string, more: object = {}): Record<string, unknown> {
  return {
    kind: 'bigquery#job',
    id: `shop:US.${state}`,
    jobReference: { projectId: 'shop', jobId: state, location: 'US' },
    configuration: { jobType: 'QUERY', query: { query: 'SELECT 1', priority: 'BATCH' } },
    statistics: {
      creationTime: '1785700000000',
      ...(state === 'PENDING' ? {} : { startTime: '1785700001000' }),
    },
    status: { state },
    user_email: 'ann@example.com',
    ...more,
  };
}

test('is served back as given, and stays what it is', async () => {
  const { clock, simulator, call } = playground({ isWild: true });
  const done = resource('DONE', {
    statistics: { creationTime: '1785700000000', endTime: '1785700005000', odd: [1] },
  });
  for (const given of [resource('PENDING'), resource('RUNNING'), done]) simulator.load(given);
  await clock.advanceBy(86_400_000);
  for (const given of [resource('PENDING'), resource('RUNNING'), done]) {
    expect((await call('GET', `${JOBS}/${at(given, 'status', 'state')}?location=US`)).body).toEqual(given);
  }
  expect(idsOf(await call('GET', `${JOBS}?allUsers=true&stateFilter=running`))).toEqual(['RUNNING']);
});

test.each(['RUNNING', 'PENDING'])('a job that is %s ends when it is cancelled', async (state) => {
  const { clock, simulator, call } = playground();
  const given = resource(state);
  simulator.load(given);
  await call('POST', `${JOBS}/${state}/cancel?location=US`);
  await clock.advanceBy(2_000);
  const { body } = await call('GET', `${JOBS}/${state}`);
  expect(at(body, 'status')).toMatchObject({ state: 'DONE', errorResult: { reason: 'stopped' } });
  expect(at(body, 'configuration')).toEqual(given['configuration']);
  expect(Number(at(body, 'statistics', 'endTime'))).toBeGreaterThan(START_MS);
  expect((await call('DELETE', `${JOBS}/${state}/delete?location=US`)).status).toBe(204);
});

test('children of a file find their parent, in whatever order they come', async () => {
  const { clock, simulator, call } = playground();
  const child = resource('RUNNING', {
    jobReference: { projectId: 'shop', jobId: 'child', location: 'US' },
    statistics: { creationTime: '1785700002000', startTime: '1785700002000', parentJobId: 'RUNNING' },
  });
  simulator.load(child);
  simulator.load(resource('RUNNING'));
  expect(idsOf(await call('GET', `${JOBS}?allUsers=true`))).toEqual(['RUNNING']);
  expect(idsOf(await call('GET', `${JOBS}?allUsers=true&parentJobId=RUNNING`))).toEqual(['child']);
  await call('POST', `${JOBS}/RUNNING/cancel`);
  await clock.advanceBy(2_000);
  expect(simulator.truth({ projectId: 'shop', jobId: 'child' })?.errorReason).toBe('stopped');
});

describe('oddities of the wild', () => {
  test.each([
    {
      name: 'times as floats in text',
      odd: { statistics: { creationTime: '1.7857E12', startTime: '1785700001000.0' } },
    },
    {
      name: 'times as numbers',
      odd: { statistics: { creationTime: 1785700000000, startTime: 1785700001000.5 } },
    },
    { name: 'no location', odd: { jobReference: { projectId: 'shop', jobId: 'RUNNING' } } },
    { name: 'an id without prefix', odd: { id: 'RUNNING' } },
    { name: 'jobType UNKNOWN', odd: { configuration: { jobType: 'UNKNOWN' } } },
    { name: 'no configuration', odd: { configuration: undefined } },
    { name: 'no user', odd: { user_email: undefined } },
    { name: 'a load of debugInfo', odd: { debugInfo: 'x'.repeat(61_000) } },
    {
      name: 'copy.sourceTable beside sourceTables',
      odd: { configuration: { copy: { sourceTable: {}, sourceTables: [] } } },
    },
  ])('$name', async ({ odd }) => {
    const { simulator, call } = playground({ isWild: true });
    const given: unknown = JSON.parse(JSON.stringify(resource('RUNNING', odd)));
    simulator.load(given);
    expect((await call('GET', `${JOBS}/RUNNING`)).body).toEqual(given);
    expect(idsOf(await call('GET', `${JOBS}?allUsers=true&projection=full`))).toEqual(['RUNNING']);
  });
});

test('a job without a location is one of US', async () => {
  const { simulator, call } = playground();
  simulator.load(resource('DONE', { jobReference: { projectId: 'shop', jobId: 'old' } }));
  expect((await call('GET', `${JOBS}/old?location=US`)).status).toBe(200);
  expect((await call('GET', `${JOBS}/old?location=EU`)).status).toBe(404);
});

describe('what a loaded job has used', () => {
  const tables = [{ projectId: 'shop', datasetId: 'sales', tableId: 'orders' }];
  const used = {
    statistics: {
      creationTime: '1785700000000',
      startTime: '1785700001000',
      totalSlotMs: '7000',
      totalBytesProcessed: '5000',
      reservation_id: 'admin:US.etl',
      edition: 'ENTERPRISE',
      query: {
        totalSlotMs: '7000',
        estimatedBytesProcessed: '9000',
        referencedTables: tables,
        cacheHit: true,
        totalBytesBilled: '12',
      },
    },
  };
  const RUNNING = { projectId: 'shop', jobId: 'RUNNING' };

  test('is true as it was loaded, and grows no further', async () => {
    const { clock, simulator } = playground();
    simulator.load(resource('RUNNING', used));
    simulator.load(resource('DONE', { ...used, jobReference: { projectId: 'shop', jobId: 'DONE' } }));
    await clock.advanceBy(3_600_000);
    const told = {
      slotMs: 7_000,
      bytesProcessed: 5_000,
      estimatedBytes: 9_000,
      reservation: 'admin:US.etl',
      edition: 'ENTERPRISE',
      referencedTables: tables,
      cacheHit: true,
    };
    expect(simulator.truth(RUNNING)).toMatchObject(told);
    expect(simulator.truth({ ...RUNNING, jobId: 'DONE' })).toMatchObject({ ...told, bytesBilled: 12 });
  });

  test('is absent from the truth where the resource does not tell it', () => {
    const { simulator } = playground();
    simulator.load(resource('RUNNING'));
    const truth = simulator.truth(RUNNING);
    expect(truth).toMatchObject({ slotMs: 0, bytesProcessed: 0 });
    for (const key of [
      'estimatedBytes',
      'reservation',
      'edition',
      'referencedTables',
      'cacheHit',
      'bytesBilled',
    ])
      expect(truth).not.toHaveProperty(key);
  });

  test('grows by so many slots as it is told to go on using, until it ends', async () => {
    const { clock, simulator, call } = playground();
    simulator.load(resource('RUNNING', used), { slots: 2.5 });
    const seen = async (): Promise<unknown[]> => {
      const { body } = await call('GET', `${JOBS}/RUNNING`);
      const { body: list } = await call('GET', `${JOBS}?allUsers=true`);
      return [
        at(body, 'statistics', 'totalSlotMs'),
        at(body, 'statistics', 'query', 'totalSlotMs'),
        at(list, 'jobs', 0, 'statistics', 'totalSlotMs'),
        String(simulator.truth(RUNNING)?.slotMs),
      ];
    };
    expect(await seen()).toEqual(['7000', '7000', '7000', '7000']);
    await clock.advanceBy(2_000);
    expect(await seen()).toEqual(['12000', '12000', '12000', '12000']);
    await call('POST', `${JOBS}/RUNNING/cancel?location=US`);
    await clock.advanceBy(2_000);
    const atEnd = await seen();
    await clock.advanceBy(60_000);
    expect(await seen()).toEqual(atEnd);
    expect(Number(atEnd[0])).toBeLessThanOrEqual(17_000);
  });

  test.each(['PENDING', 'DONE'])('does not grow while it is %s', async (state) => {
    const { clock, simulator } = playground();
    simulator.load(resource(state, used), { slots: 2 });
    await clock.advanceBy(60_000);
    expect(simulator.truth({ projectId: 'shop', jobId: state })?.slotMs).toBe(7_000);
  });
});

describe('what cannot be played is refused by name', () => {
  test.each<{ given: unknown; message: string }>([
    { given: 7, message: 'a Job resource must be a JSON object, not a number' },
    { given: null, message: 'a Job resource must be a JSON object, not null' },
    { given: [], message: 'a Job resource must be a JSON object, not a list' },
    { given: {}, message: 'status.state is missing: it must be one of PENDING, RUNNING, DONE' },
    {
      given: resource('ASLEEP'),
      message: 'status.state is "ASLEEP": it must be one of PENDING, RUNNING, DONE',
    },
    {
      given: resource('DONE', { jobReference: { projectId: 'shop' } }),
      message: 'jobReference.jobId is missing: it must be a string',
    },
    {
      given: resource('DONE', { jobReference: { jobId: 'a' } }),
      message: 'jobReference.projectId is missing: it must be a string',
    },
    {
      given: resource('DONE', { statistics: {} }),
      message: 'statistics.creationTime is missing: it must be milliseconds since the epoch',
    },
    {
      given: resource('DONE', { statistics: { creationTime: 'noon' } }),
      message: 'statistics.creationTime is "noon": it must be milliseconds since the epoch',
    },
  ])('$message', ({ given, message }) => {
    expect(() => playground().simulator.load(given)).toThrow(message);
  });

  test('a job of the same name', () => {
    const { simulator } = playground();
    simulator.load(resource('DONE'));
    expect(() => simulator.load(resource('DONE'))).toThrow('there is a job shop:US.DONE already');
  });
});
