import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at } from './playground.ts';
import { findSdk, RealBq } from './real-bq.ts';
import { type Served, served } from './served.ts';

const sdk = findSdk();

test('where CI is set, the Google Cloud SDK is there', () => {
  expect(sdk !== undefined || process.env['CI'] !== 'true').toBe(true);
});

const title = sdk === undefined ? 'the real bq: SKIPPED, there is no Google Cloud SDK here' : 'the real bq';

const EXTRACT = {
  kind: 'bigquery#job',
  id: 'myproject:US.bquijob_123x456_123y123z123c',
  jobReference: { projectId: 'myproject', jobId: 'bquijob_123x456_123y123z123c', location: 'US' },
  configuration: { jobType: 'EXTRACT', extract: { compression: 'NONE', destinationUris: ['gs://b/x'] } },
  statistics: { creationTime: '1499365894527', startTime: '1499365894702', endTime: '1499365995702' },
  status: { state: 'DONE' },
  user_email: 'user@example.com',
};
const TOKYO = {
  ...EXTRACT,
  id: 'myproject:asia-northeast1.tokyo',
  jobReference: { projectId: 'myproject', jobId: 'tokyo', location: 'asia-northeast1' },
};

describe.skipIf(sdk === undefined)(title, () => {
  let scene: Served;
  let bq: RealBq;

  beforeAll(async () => {
    scene = await served();
    bq = new RealBq(sdk ?? '', scene.server.address);
    scene.simulator.load(EXTRACT);
    scene.simulator.load(TOKYO);
    scene.simulator.start({
      projectId: 'myproject',
      jobId: 'early',
      createdAtMs: Date.UTC(2026, 0, 1),
      principal: 'ann@example.com',
    });
    scene.simulator.start({ projectId: 'myproject', jobId: 'mine', createdAtMs: Date.UTC(2026, 0, 2) });
  });

  afterAll(async () => {
    bq.dispose();
    await scene.server.close();
  });

  /** The job ids that `bq ls` printed, in its order. */
  async function listed(...flags: string[]): Promise<unknown[]> {
    const { code, stdout, stderr } = await bq.run('ls', '-j', '--format=json', ...flags);
    expect([code, stderr]).toEqual([0, '']);
    const jobs: unknown = stdout.trim() === '' ? [] : JSON.parse(stdout);
    return Array.isArray(jobs) ? jobs.map((job) => at(job, 'jobReference', 'jobId')) : [];
  }

  const extract = 'bquijob_123x456_123y123z123c';

  test('ls -j -a lists the jobs of all users, newest first', async () => {
    expect(await listed('-a', 'myproject')).toEqual(['mine', 'early', 'tokyo', extract]);
    const { stdout } = await bq.run('ls', '--jobs=true', '--all=true', 'myproject');
    expect(stdout).toMatch(/bquijob_123x456_123y123z123c\s+extract\s+SUCCESS\s+06 Jul 18:31:34\s+0:01:41/);
  });

  test('ls -j lists the jobs of the current user', async () => {
    expect(await listed('myproject')).toEqual(['mine']);
  });

  test('ls -n lists the most recent', async () => {
    expect(await listed('-a', '-n', '2')).toEqual(['mine', 'early']);
  });

  test('ls takes creation bounds', async () => {
    const min = `--min_creation_time=${Date.UTC(2026, 0, 1)}`;
    const max = `--max_creation_time=${Date.UTC(2026, 0, 1)}`;
    expect(await listed('-a', min)).toEqual(['mine', 'early']);
    expect(await listed('-a', max)).toEqual(['early', 'tokyo', extract]);
    expect(await listed('-a', min, max)).toEqual(['early']);
    expect(await listed('-a', '--max_creation_time=1961899440000')).toEqual([
      'mine',
      'early',
      'tokyo',
      extract,
    ]);
  });

  test('ls filters by state', async () => {
    expect(await listed('-a', '--filter=states:RUNNING')).toEqual([]);
    expect(await listed('-a', '--filter=states:done')).toHaveLength(4);
  });

  test.each([
    ['the full id', [], `myproject:US.${extract}`],
    ['the short id, in US', [], extract],
    ['the short id with its location', ['--location=US'], extract],
    ['the full id, whatever --location says', ['--location=EU'], `myproject:US.${extract}`],
    ['the short id of Tokyo', ['--location=asia-northeast1'], 'tokyo'],
    ['the full id of Tokyo', [], 'myproject:asia-northeast1.tokyo'],
  ])('show -j finds a job by %s', async (_, flags, id) => {
    const { code, stdout } = await bq.run(...flags, 'show', '--job=true', id);
    expect(code).toBe(0);
    expect(stdout).toMatch(/extract\s+SUCCESS\s+06 Jul 18:31:34\s+0:01:41\s+user@example.com/);
  });

  test('show --format=prettyjson shows the job as it was given', async () => {
    const { stdout } = await bq.run('show', '--format=prettyjson', '--job=true', `myproject:US.${extract}`);
    expect(JSON.parse(stdout)).toEqual(EXTRACT);
  });

  test.each([
    ['a job that is not there', [], 'none', 'Not found: Job myproject:none'],
    ['a job of Tokyo without its location', [], 'tokyo', 'Not found: Job myproject:tokyo'],
    ['a wrong location', ['--location=EU'], extract, `Not found: Job myproject:EU.${extract}`],
  ])('show -j does not find %s', async (_, flags, id, message) => {
    const { code, stdout } = await bq.run(...flags, 'show', '-j', id);
    expect(code).toBe(2);
    // bq breaks its lines where it likes.
    expect(stdout.replace(/\s+/g, ' ')).toContain(message);
  });

  test('cancel waits until the job has ended', async () => {
    scene.simulator.start({ projectId: 'myproject', jobId: 'long', runMs: Infinity });
    const { code, stdout } = await bq.run('cancel', 'myproject:US.long');
    expect(code).toBe(0);
    expect(stdout).toContain('Job has been cancelled successfully.');
    expect(scene.simulator.truth({ projectId: 'myproject', jobId: 'long' })?.errorReason).toBe('stopped');
  });

  test('cancel --nosync does not wait', async () => {
    scene.simulator.start({
      projectId: 'myproject',
      jobId: 'slow',
      location: 'EU',
      runMs: Infinity,
      cancel: { afterMs: 600_000 },
    });
    const { code, stdout } = await bq.run('--location=EU', '--nosync', 'cancel', 'slow');
    expect(code).toBe(0);
    expect(stdout).toContain('Job cancel has been requested.');
    expect(scene.simulator.truth({ projectId: 'myproject', location: 'EU', jobId: 'slow' })?.state).toBe(
      'RUNNING',
    );
  });

  test('cancel of a job that is done changes nothing', async () => {
    expect((await bq.run('cancel', 'early')).code).toBe(0);
    expect(scene.simulator.truth({ projectId: 'myproject', jobId: 'early' })).not.toHaveProperty(
      'errorReason',
    );
  });

  test('rm -j -f deletes', async () => {
    scene.simulator.start({ projectId: 'myproject', jobId: 'secret', createdAtMs: Date.UTC(2026, 0, 3) });
    const { code, stdout } = await bq.run('rm', '-j', '-f', 'myproject:US.secret');
    expect([code, stdout]).toEqual([0, '']);
    expect((await bq.run('show', '-j', 'secret')).code).toBe(2);
    expect(await listed('-a')).not.toContain('secret');
  });

  test.each([
    { answer: 'y', gone: 2 },
    { answer: 'n', gone: 0 },
  ])('rm -j asks first; at $answer, $gone of a job and its child go', async ({ answer, gone }) => {
    const name = { projectId: 'myproject', location: 'EU', jobId: `asked-${answer}` };
    scene.simulator.start({ ...name, createdAtMs: Date.UTC(2026, 0, 3), children: [{}] });
    const { code, stdout } = await bq.answering(`${answer}\n`, '--location=EU', 'rm', '-j', name.jobId);
    expect([code, stdout]).toEqual([0, expect.stringContaining('? (y/N)')]);
    expect(scene.simulator.truth(name) === undefined).toBe(gone > 0);
    expect(scene.simulator.deleted.filter(({ named }) => named.jobId === name.jobId)).toHaveLength(gone);
  });

  test('rm -j does not delete a child', async () => {
    const createdAtMs = Date.UTC(2026, 0, 3);
    scene.simulator.start({ projectId: 'myproject', jobId: 'parent', createdAtMs, children: [{}] });
    const child = scene.simulator.allTruths().find(({ parentJobId }) => parentJobId === 'parent');
    const { code, stdout } = await bq.run('rm', '-j', '-f', `myproject:US.${child?.jobId}`);
    expect(code).not.toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toContain(`Cannot delete child job myproject:US.${child?.jobId}`);
    expect(scene.simulator.allTruths()).toContainEqual(child);
  });

  // bq passes over a 404 under -f: that it says nothing is no sign that a job is gone.
  test('rm -j -f at a wrong location says nothing, and the job stays', async () => {
    const name = { projectId: 'myproject', location: 'US', jobId: 'elsewhere' };
    scene.simulator.start({ ...name, createdAtMs: Date.UTC(2026, 0, 3) });
    expect(await bq.run('rm', '-j', '-f', 'myproject:EU.elsewhere')).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect(scene.simulator.truth(name)?.state).toBe('DONE');
    expect(scene.simulator.writes.at(-1)).toMatchObject({ method: 'delete', refused: 'notFound' });
  });

  test('rm -j -f does not delete a job that runs', async () => {
    scene.simulator.start({ projectId: 'myproject', jobId: 'busy', runMs: Infinity });
    const { code, stdout } = await bq.run('rm', '-j', '-f', 'myproject:US.busy');
    expect(code).not.toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toContain('Cannot delete job myproject:US.busy');
    expect((await bq.run('show', '-j', 'busy')).code).toBe(0);
  });

  test.each([[['--nouse_legacy_sql']], [['--nouse_legacy_sql', '--rpc']]])(
    'query %j prints a row',
    async (flags) => {
      const { code, stdout } = await bq.run('query', ...flags, 'SELECT 1');
      expect(code).toBe(0);
      expect(stdout).toContain('| f0_ |\n+-----+\n|   1 |');
    },
  );

  test('query prints the results of each statement of a script', async () => {
    const { code, stdout } = await bq.run('query', '--nouse_legacy_sql', 'SELECT 1; SELECT 2');
    expect(code).toBe(0);
    expect(stdout).toMatch(/SELECT 1; -- at \[1:1\][\s\S]*SELECT 2; -- at \[2:1\]/);
  });

  test('query --dry_run says that it does not know', async () => {
    const { code, stdout } = await bq.run('query', '--nouse_legacy_sql', '--dry_run', 'SELECT 1');
    expect([code, stdout]).toEqual([0, expect.stringContaining('Query successfully validated')]);
  });

  test('query of DDL with a destination is refused', async () => {
    const { code, stdout } = await bq.run(
      'query',
      '--nouse_legacy_sql',
      '--destination_table=a.b',
      'CREATE TABLE t (a INT64)',
    );
    expect(code).not.toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toContain('Cannot set destination table in jobs with DDL statements');
  });

  test('a job of a domain-scoped project is found', async () => {
    scene.simulator.start({
      projectId: 'example.com:proj',
      jobId: 'scoped',
      createdAtMs: Date.UTC(2026, 0, 3),
    });
    const { code, stdout } = await bq.run('show', '--format=json', '-j', 'example.com:proj:US.scoped');
    expect(code).toBe(0);
    expect(at(JSON.parse(stdout), 'jobReference', 'projectId')).toBe('example.com:proj');
  });

  test('bq tries once more after a 503', async () => {
    scene.simulator.applyFaultSettings({
      rules: [{ fault: { kind: 'unavailable' }, methods: ['get'], times: 1 }],
    });
    expect((await bq.run('show', '-j', 'mine')).code).toBe(0);
  });
});
