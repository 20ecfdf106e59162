import { describe, expect, test } from 'vitest';
import { at, playground, START_MS } from './playground.ts';

const GET = '/bigquery/v2/projects/shop/jobs';

describe('a job lives on the clock', () => {
  const { clock, simulator, call } = playground();
  simulator.start({
    projectId: 'shop',
    jobId: 'slow',
    principal: 'ann@example.com',
    pendingMs: 5_000,
    runMs: 60_000,
    slots: 3,
    bytesProcessed: 6_000_000,
    estimatedBytes: 9_000_000,
    reservation: 'admin:US.prod',
    edition: 'ENTERPRISE',
  });

  test.each([
    { afterMs: 0, state: 'PENDING', startTime: undefined, endTime: undefined, slotMs: undefined },
    { afterMs: 4_999, state: 'PENDING', startTime: undefined, endTime: undefined, slotMs: undefined },
    { afterMs: 5_000, state: 'RUNNING', startTime: START_MS + 5_000, endTime: undefined, slotMs: 0 },
    { afterMs: 35_000, state: 'RUNNING', startTime: START_MS + 5_000, endTime: undefined, slotMs: 90_000 },
    { afterMs: 64_999, state: 'RUNNING', startTime: START_MS + 5_000, endTime: undefined, slotMs: 179_997 },
    {
      afterMs: 65_000,
      state: 'DONE',
      startTime: START_MS + 5_000,
      endTime: START_MS + 65_000,
      slotMs: 180_000,
    },
    {
      afterMs: 90_000,
      state: 'DONE',
      startTime: START_MS + 5_000,
      endTime: START_MS + 65_000,
      slotMs: 180_000,
    },
  ])(
    'it is $state $afterMs ms after its creation',
    async ({ afterMs, state, startTime, endTime, slotMs }) => {
      await clock.advanceTo(START_MS + afterMs);
      const { body } = await call('GET', `${GET}/slow?location=US`);
      const text = (value: number | undefined): string | undefined => value?.toString();
      expect(at(body, 'status')).toEqual({ state });
      expect(at(body, 'statistics')).toMatchObject({
        creationTime: String(START_MS),
        reservation_id: 'admin:US.prod',
      });
      expect(at(body, 'statistics', 'startTime')).toBe(text(startTime));
      expect(at(body, 'statistics', 'endTime')).toBe(text(endTime));
      expect(at(body, 'statistics', 'totalSlotMs')).toBe(text(slotMs));
      expect(at(body, 'statistics', 'query', 'totalSlotMs')).toBe(text(slotMs));
      expect(at(body, 'statistics', 'query', 'estimatedBytesProcessed')).toBe('9000000');
    },
  );
});

test('bytes grow while it runs, and are billed when it is done', async () => {
  const { clock, simulator, call } = playground();
  simulator.start({ projectId: 'shop', jobId: 'scan', runMs: 10_000, bytesProcessed: 40_000_000 });
  await clock.advanceBy(5_000);
  const running = await call('GET', `${GET}/scan`);
  expect(at(running.body, 'statistics', 'query', 'totalBytesProcessed')).toBe('20000000');
  expect(at(running.body, 'statistics', 'query', 'totalBytesBilled')).toBeUndefined();
  await clock.advanceBy(5_000);
  const done = await call('GET', `${GET}/scan`);
  expect(at(done.body, 'statistics', 'totalBytesProcessed')).toBe('40000000');
  expect(at(done.body, 'statistics', 'query', 'totalBytesBilled')).toBe(String(39 * 1_048_576));
});

test('only a query is billed for its bytes', async () => {
  const { clock, simulator } = playground();
  for (const type of ['QUERY', 'EXTRACT'] as const) {
    simulator.start({ projectId: 'shop', jobId: type, type, runMs: 1_000, bytesProcessed: 40_000_000 });
  }
  const billed = (jobId: string) => simulator.truth({ projectId: 'shop', jobId })?.bytesBilled;
  expect(billed('QUERY')).toBeUndefined();
  await clock.advanceBy(1_000);
  expect([billed('QUERY'), billed('EXTRACT')]).toEqual([39 * 1_048_576, undefined]);
});

test('a statistic that is scripted to come late is absent until then', async () => {
  const { clock, simulator, call } = playground();
  const lateFields = { totalSlotMs: 15_000, estimatedBytesProcessed: 45_000 };
  simulator.start({ projectId: 'shop', jobId: 'late', runMs: Infinity, estimatedBytes: 5, lateFields });
  const seen = async (): Promise<unknown[]> => {
    const { body } = await call('GET', `${GET}/late`);
    const slotMs = [at(body, 'statistics', 'totalSlotMs'), at(body, 'statistics', 'query', 'totalSlotMs')];
    return [...slotMs, at(body, 'statistics', 'query', 'estimatedBytesProcessed')];
  };
  await clock.advanceTo(START_MS + 14_999);
  expect(await seen()).toEqual([undefined, undefined, undefined]);
  await clock.advanceTo(START_MS + 15_000);
  expect(await seen()).toEqual(['15000', '15000', undefined]);
  await clock.advanceTo(START_MS + 45_000);
  expect(await seen()).toEqual(['45000', '45000', '5']);
});

test('a job fails with the error that was chosen', async () => {
  const { clock, simulator, call } = playground();
  const error = { reason: 'backendError', message: 'Error encountered during execution.' };
  simulator.start({ projectId: 'shop', jobId: 'bad', runMs: 1_000, error });
  await clock.advanceBy(1_000);
  const { body } = await call('GET', `${GET}/bad`);
  expect(at(body, 'status')).toEqual({ state: 'DONE', errorResult: error, errors: [error] });
});

test('a job has further errors besides its result, and is stopped without them', async () => {
  const { clock, simulator, call } = playground();
  const error = { reason: 'backendError', message: 'Error encountered during execution.' };
  const more = { reason: 'invalid', message: 'Too many errors.' };
  const failing = { projectId: 'shop', error, moreErrors: [more] };
  simulator.start({ ...failing, jobId: 'bad', runMs: 1_000 });
  simulator.start({ ...failing, jobId: 'late', runMs: 60_000 });
  await call('POST', `${GET}/late/cancel`);
  await clock.advanceBy(5_000);
  expect(simulator.truth({ projectId: 'shop', jobId: 'bad' })?.errors).toEqual([error, more]);
  expect(at((await call('GET', `${GET}/bad`)).body, 'status')).toEqual({
    state: 'DONE',
    errorResult: error,
    errors: [error, more],
  });
  const stopped = at((await call('GET', `${GET}/late`)).body, 'status', 'errors');
  expect(stopped).toEqual([expect.objectContaining({ reason: 'stopped' })]);
});

test('a job that succeeds may have errors, too, which are warnings', async () => {
  const { clock, simulator, call } = playground();
  const warning = { reason: 'stopped', message: 'One of its stages was stopped, and done again.' };
  simulator.start({ projectId: 'shop', jobId: 'well', runMs: 1_000, moreErrors: [warning] });
  await clock.advanceBy(1_000);
  expect(simulator.truth({ projectId: 'shop', jobId: 'well' })?.errors).toEqual([]);
  const { body } = await call('GET', `${GET}/well`);
  expect(at(body, 'status')).toEqual({ state: 'DONE', errors: [warning] });
});

test('jobTimeoutMs counts from creation, so a job can be stopped before it ever started', async () => {
  const { clock, simulator, call } = playground();
  simulator.start({ projectId: 'shop', jobId: 'queued', pendingMs: 60_000, jobTimeoutMs: 10_000 });
  await clock.advanceTo(START_MS + 9_999);
  expect(at((await call('GET', `${GET}/queued`)).body, 'status', 'state')).toBe('PENDING');
  await clock.advanceTo(START_MS + 10_000);
  const { body } = await call('GET', `${GET}/queued`);
  expect(at(body, 'status', 'errorResult')).toEqual({
    reason: 'stopped',
    message: 'Job execution was cancelled: Job timed out after 10 sec',
  });
  expect(at(body, 'statistics', 'startTime')).toBeUndefined();
  expect(at(body, 'statistics', 'endTime')).toBe(String(START_MS + 10_000));
});

describe('location is part of a job name', () => {
  const { simulator, call } = playground();
  for (const location of ['US', 'EU', 'europe-west1']) {
    simulator.start({ projectId: 'shop', location, jobId: `in-${location}`, runMs: Infinity });
  }
  simulator.start({ projectId: 'example.com:shop', jobId: 'scoped', runMs: Infinity });

  test.each([
    { path: 'shop/jobs/in-US', status: 200 },
    { path: 'shop/jobs/in-EU', status: 200 },
    { path: 'shop/jobs/in-europe-west1', status: 404, message: 'Not found: Job shop:in-europe-west1' },
    { path: 'shop/jobs/in-europe-west1?location=europe-west1', status: 200 },
    { path: 'shop/jobs/in-europe-west1?location=EUROPE-WEST1', status: 200 },
    { path: 'shop/jobs/in-US?location=us', status: 200 },
    { path: 'shop/jobs/in-US?location=EU', status: 404, message: 'Not found: Job shop:EU.in-US' },
    { path: 'other/jobs/in-US', status: 404, message: 'Not found: Job other:in-US' },
    { path: 'example.com:shop/jobs/scoped', status: 200 },
    { path: 'example.com%3Ashop/jobs/scoped', status: 200 },
  ])('$path is answered $status', async ({ path, status, message }) => {
    for (const prefix of ['/bigquery/v2', '']) {
      const response = await call('GET', `${prefix}/projects/${path}`);
      expect(response.status).toBe(status);
      expect(at(response.body, 'error', 'message')).toBe(message);
    }
  });
});

test('a script has children that follow one another, and their sum', async () => {
  const { clock, simulator, call } = playground();
  const children = [
    { query: 'SELECT 1', runMs: 10_000, slots: 2 },
    { query: 'SELECT 2', runMs: 5_000, slots: 4 },
  ];
  const { jobId } = simulator.start({ projectId: 'shop', query: 'SELECT 1; SELECT 2', children });
  const childIds = async (): Promise<unknown> =>
    at((await call('GET', `${GET}?allUsers=true&parentJobId=${jobId}`)).body, 'jobs', 'length');
  await clock.advanceTo(START_MS + 9_999);
  expect(await childIds()).toBe(1);
  await clock.advanceTo(START_MS + 12_000);
  expect(await childIds()).toBe(2);
  const { body } = await call('GET', `${GET}/${jobId}`);
  expect(at(body, 'statistics')).toMatchObject({ numChildJobs: '2', totalSlotMs: '28000' });
  expect(at(body, 'statistics', 'query', 'statementType')).toBe('SCRIPT');
  await clock.advanceTo(START_MS + 15_000);
  expect(simulator.truth({ projectId: 'shop', jobId })?.state).toBe('DONE');
});

describe('the timeline of a query', () => {
  const timeline = async (script: object, ranMs: number): Promise<unknown> => {
    const { clock, simulator, call } = playground();
    simulator.start({ projectId: 'shop', jobId: 'query', runMs: 10_000, slots: 3, ...script });
    await clock.advanceBy(ranMs);
    return at((await call('GET', `${GET}/query`)).body, 'statistics', 'query', 'timeline');
  };
  const seen = (samples: unknown): unknown =>
    Array.isArray(samples)
      ? samples.map((sample: unknown) => [at(sample, 'elapsedMs'), at(sample, 'totalSlotMs')])
      : samples;

  test('has a sample after each doubling of the time run, and one at the end', async () => {
    expect(seen(await timeline({}, 1_000))).toBeUndefined();
    const early = [
      ['1000', '3000'],
      ['2000', '6000'],
      ['4000', '12000'],
    ];
    expect(seen(await timeline({}, 5_000))).toEqual(early);
    expect(seen(await timeline({}, 60_000))).toEqual([...early, ['8000', '24000'], ['10000', '30000']]);
  });

  test('has samples without activeUnits, as in the wild', async () => {
    const samples = await timeline({}, 60_000);
    const active = Array.isArray(samples) ? samples.map((sample: unknown) => at(sample, 'activeUnits')) : [];
    expect(active).toEqual(['3', '3', '3', '3', undefined]);
  });

  test.each([
    { name: 'a cache hit', script: { cacheHit: true } },
    { name: "a script's parent", script: { children: [{ query: 'SELECT 1', runMs: 10_000 }] } },
    { name: 'a load', script: { type: 'LOAD' } },
  ])('is not told of $name', async ({ script }) => {
    expect(await timeline(script, 60_000)).toBeUndefined();
  });

  test('is not in lists', async () => {
    const { clock, simulator, call } = playground();
    simulator.start({ projectId: 'shop', jobId: 'query', runMs: 10_000 });
    await clock.advanceBy(10_000);
    const { body } = await call('GET', `${GET}?projection=full`);
    expect(JSON.stringify(body)).not.toContain('timeline');
  });
});

describe('the reservation', () => {
  const reserved = { reservation: 'admin:US.etl', edition: 'ENTERPRISE' };
  test.each<{ name: string; script: object; told: object }>([
    { name: 'a query', script: reserved, told: { reservation_id: 'admin:US.etl', edition: 'ENTERPRISE' } },
    { name: 'a cache hit', script: { ...reserved, cacheHit: true }, told: {} },
    { name: "a script's parent", script: { ...reserved, children: [{ query: 'SELECT 1' }] }, told: {} },
    {
      name: 'a load on the shared pool',
      script: { type: 'LOAD', reservation: 'default-pipeline' },
      told: { reservation_id: 'default-pipeline' },
    },
  ])('of $name is told as BigQuery tells it, and true', async ({ script, told }) => {
    const { clock, simulator, call } = playground();
    simulator.start({ projectId: 'shop', jobId: 'job', ...script });
    await clock.advanceBy(10_000);
    const { body } = await call('GET', `${GET}/job`);
    const { reservation_id, edition } = Object(at(body, 'statistics'));
    expect({ reservation_id, edition }).toEqual({ reservation_id: undefined, edition: undefined, ...told });
    const truth = simulator.truth({ projectId: 'shop', jobId: 'job' });
    expect([truth?.reservation, truth?.edition]).toEqual([reservation_id, edition]);
  });

  test('that nobody can ask for is in no configuration', async () => {
    const { simulator, call } = playground();
    simulator.start({ projectId: 'shop', jobId: 'job', type: 'LOAD', reservation: 'default-pipeline' });
    expect(at((await call('GET', `${GET}/job`)).body, 'configuration')).not.toHaveProperty('reservation');
  });
});

describe('refusals', () => {
  test.each([
    { method: 'GET', path: '/bigquery/v2/projects/shop/datasets', status: 404 },
    { method: 'PUT', path: '/bigquery/v2/projects/shop/jobs/a', status: 404 },
    { method: 'GET', path: '/bigquery/v2/projects//jobs/a', status: 404 },
    { method: 'GET', path: '/bigquery/v2/projects/shop/jobs/%zz', status: 400 },
    { method: 'GET', path: '/simulator/other', status: 404 },
  ])('$method $path is answered $status in the format of Google', async ({ method, path, status }) => {
    const { call } = playground();
    const response = await call(method, path);
    expect(response.status).toBe(status);
    expect(at(response.body, 'error', 'code')).toBe(status);
    expect(at(response.body, 'error', 'errors', 0)).toMatchObject({ domain: 'global' });
  });
});

test('the Date header is the time of the simulator', async () => {
  const { clock, call } = playground();
  await clock.advanceBy(90_500);
  expect((await call('GET', `${GET}/none`)).headers['date']).toBe('Mon, 03 Aug 2026 09:01:30 GMT');
});

test('what an answer holds cannot be used to change the job', async () => {
  const { simulator, call } = playground();
  simulator.start({ projectId: 'shop', jobId: 'fixed', labels: { team: 'a' } });
  const labels = at((await call('GET', `${GET}/fixed`)).body, 'configuration', 'labels');
  expect(() => Object.assign(Object(labels), { team: 'b' })).toThrow(TypeError);
});

describe('what is true of the tables that a job reads', () => {
  const table = { projectId: 'shop', datasetId: 'sales', tableId: 'orders' };
  test.each([
    { name: 'a load reads none', script: { type: 'LOAD' }, expected: [] },
    { name: 'an extract reads its source', script: { type: 'EXTRACT' }, expected: [table] },
    { name: 'a copy reads its sources', script: { type: 'COPY' }, expected: [table] },
    { name: 'a query tells its own', script: { referencedTables: [table] }, expected: [table] },
    { name: 'of a query that tells none nobody knows', script: {}, expected: undefined },
  ] as const)('$name', ({ script, expected }) => {
    const { simulator } = playground();
    simulator.start({ projectId: 'shop', jobId: 'reader', ...script });
    expect(simulator.truth({ projectId: 'shop', jobId: 'reader' })?.referencedTables).toEqual(expected);
  });
});
