import { beforeAll, describe, expect, test } from 'vitest';
import { bqWatchdog, bqWatchdogInside, temporaryFolder } from './bq-watchdog.ts';
import { jobsServer, MARKER } from './jobs-server.ts';

const server = jobsServer();
const folder = temporaryFolder();
const HOUR = 60;

beforeAll(() => {
  server.running('old', 5 * HOUR);
  server.running('young', 1, { principal: 'bob@example.com', labels: { team: 'finance' } });
  server.running('mine', 2, { principal: 'simulator@example.com' });
  server.running('waits', 3, { pendingMs: Number.POSITIVE_INFINITY });
  server.running('over', 4 * HOUR, {
    runMs: 60_000,
    error: { reason: 'invalidQuery', message: `no column ${MARKER}` },
  });
  server.running('far', 10, { location: 'europe-west2' });
});

function jobs(...args: string[]) {
  return bqWatchdogInside(['jobs', ...args], { environment: server.environment() });
}

async function listed(...args: string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await jobs('list', ...args, '--format', 'json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout).jobs.map(({ jobId }: { jobId: string }) => jobId);
}

test('list prints a table, newest first, as a process', async () => {
  const { code, stdout, stderr } = await bqWatchdog(['jobs', 'list', '--project', 'shop-finance', '--all'], {
    environment: server.environment(),
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/));
  expect(rows[0]).toEqual(['JOB', 'TYPE', 'STATE', 'CREATED', 'RUNTIME', 'PRINCIPAL']);
  expect(rows.slice(1).map(([job, , state]) => `${job} ${state}`)).toEqual([
    'shop-finance:US.young RUNNING',
    'shop-finance:US.mine RUNNING',
    'shop-finance:US.waits PENDING',
    'shop-finance:europe-west2.far RUNNING',
    'shop-finance:US.over DONE (invalidQuery)',
    'shop-finance:US.old RUNNING',
  ]);
  expect(rows[5]?.[4]).toBe('1 min');
});

describe('list selects', () => {
  const ago = (minutes: number) => server.nowMs() - minutes * 60_000;
  const cases: { name: string; args: () => string[]; jobs: string[] }[] = [
    { name: 'own jobs without --all', args: () => [], jobs: ['mine'] },
    { name: 'one state', args: () => ['--all', '--state', 'pending'], jobs: ['waits'] },
    {
      name: 'several states',
      args: () => ['--all', '--state', 'PENDING', '--state', 'done'],
      jobs: ['waits', 'over'],
    },
    {
      name: 'by creation time in milliseconds',
      args: () => ['--all', '--min-creation-time', String(ago(150)), '--max-creation-time', String(ago(5))],
      jobs: ['far'],
    },
    {
      name: 'by creation time as people write it',
      args: () => ['--all', '--max-creation-time', new Date(ago(200)).toISOString()],
      jobs: ['over', 'old'],
    },
    { name: 'at most so many', args: () => ['--all', '-n', '2'], jobs: ['young', 'mine'] },
  ];
  test.for(cases)('$name', async ({ args, jobs: expected }) => {
    expect(await listed('--project', 'shop-finance', ...args())).toEqual(expected);
  });

  test('the only project of WATCHDOG_PROJECTS, and says that there are more', async () => {
    const environment = { ...server.environment(), WATCHDOG_PROJECTS: 'shop-finance' };
    const { stdout } = await bqWatchdogInside(['jobs', 'list', '--all', '-n', '1'], { environment });
    expect(stdout).toMatch(/US\.young .*\nThere are more: ask for them with --max-results\n$/);
  });

  test('nothing, and says so', async () => {
    expect(await jobs('list', '--project', 'nobody-here', '--all')).toEqual({
      code: 0,
      stdout: 'no such jobs\n',
      stderr: '',
    });
  });
});

describe('show takes every form of a name', () => {
  const cases = [
    ['shop-finance:europe-west2.far'],
    ['europe-west2.far', '--project', 'shop-finance'],
    ['far', '--project', 'shop-finance', '--location', 'EUROPE-WEST2'],
    ['projects/shop-finance/jobs/far', '--location', 'europe-west2'],
    ['shop-finance:far', '--location', 'europe-west2'],
  ];
  test.for(cases)('%s %s %s', async (args) => {
    const { code, stdout, stderr } = await jobs('show', ...args, '--format', 'json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ job: 'shop-finance:europe-west2.far', state: 'RUNNING' });
  });
});

test('show tells what BigQuery told, and no text of the job', async () => {
  const { code, stdout } = await jobs('show', 'shop-finance:US.over');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^error +invalidQuery$/m);
  expect(stdout).toMatch(/^runtime +1 min$/m);
  expect(stdout).not.toContain(MARKER);
  expect((await jobs('show', 'shop-finance:US.young')).stdout).toMatch(/^labels +team=finance$/m);
});

describe('each failure names what to do', () => {
  const noOne = () => ({ HOME: folder, CLOUDSDK_CONFIG: folder, METADATA_SERVER_DETECTION: 'none' });
  const cases: { name: string; args: string[]; code: number; says: RegExp; outside?: boolean }[] = [
    {
      name: 'a wrong location',
      args: ['show', 'shop-finance:far'],
      code: 1,
      says: /not found there.*\ncheck project and job id, and name the location \(--location/,
    },
    { name: 'no job name', args: ['show', 'a b'], code: 2, says: /"a b" is not a job's name/ },
    { name: 'no project of a job', args: ['show', 'far'], code: 2, says: /it names no project/ },
    { name: 'no project', args: ['list'], code: 2, says: /give --project ID, or set WATCHDOG_PROJECTS/ },
    {
      name: 'a project that is none',
      args: ['list', '--project', 'a/b'],
      code: 2,
      says: /"a\/b" is no project id/,
    },
    {
      name: 'no state',
      args: ['list', '--state', 'dead'],
      code: 2,
      says: /"dead" is no state; allowed: pending, running, done\.?\n/,
    },
    {
      name: 'a state that is misspelled',
      args: ['list', '--state', 'runing'],
      code: 2,
      says: /"runing" is no state; .* \(did you mean running\?\)/,
    },
    {
      name: 'no time',
      args: ['list', '--min-creation-time', 'noon'],
      code: 2,
      says: /"noon" is no time; expected milliseconds since 1970/,
    },
    {
      name: 'no address',
      args: ['list', '--project', 'shop', '--endpoint', 'nowhere'],
      code: 2,
      says: /--endpoint is "nowhere": expected an address/,
    },
    {
      name: 'nobody at the address',
      args: ['show', 'shop:US.a', '--endpoint', 'http://127.0.0.1:9'],
      code: 1,
      says: /the connection failed \(ECONNREFUSED\).*\ncheck the connection, and the address of --endpoint/,
    },
    {
      name: 'no credentials',
      args: ['list', '--project', 'shop'],
      outside: true,
      code: 1,
      says: /^error: .*there are no credentials; run "gcloud auth application-default login".*\n$/,
    },
    {
      name: 'no ledger to record an act in',
      args: ['cancel', 'shop-finance:US.old'],
      code: 2,
      says: /WATCHDOG_LEDGER is not set/,
    },
  ];
  test.for(cases)('$name', async ({ args, code, says, outside = false }) => {
    const ended = outside
      ? await bqWatchdog(['jobs', ...args], { environment: noOne() })
      : await jobs(...args);
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: '' });
    expect(ended.stderr).toMatch(says);
  });
});

test('a permission that is missing is named, with a role that has it', async () => {
  server.deny('shop-finance');
  const { code, stderr } = await jobs('list', '--project', 'shop-finance', '--all');
  server.deny(undefined);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /grant bigquery\.jobs\.listAll on the project, which roles\/bigquery\.resourceViewer has/,
  );
});

describe('jobs of others without bigquery.jobs.listAll are listed, and it is said what of them is not', () => {
  const listAll = async (...args: string[]) => {
    server.withhold('bigquery.jobs.listAll');
    const ended = await jobs('list', '--project', 'shop-finance', '--all', ...args);
    server.withhold(undefined);
    return ended;
  };
  test('on stderr', async () => {
    const { code, stdout, stderr } = await listAll();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^shop-finance:US\.mine +QUERY .* simulator@example\.com$/m);
    expect(stderr).toBe(
      'warning: 5 jobs are listed without their principal and configuration, for you may not see jobs of others in shop-finance: grant bigquery.jobs.listAll on the project, which roles/bigquery.resourceViewer has\n',
    );
  });
  test('in JSON', async () => {
    const { redacted, jobs: rows } = JSON.parse((await listAll('--format', 'json')).stdout);
    expect(redacted).toBe(5);
    const marked = rows.filter((row: { redacted?: boolean }) => row.redacted === true);
    expect(marked.map((row: { jobId: string }) => row.jobId).toSorted()).toEqual(
      ['far', 'old', 'over', 'waits', 'young'].toSorted(),
    );
  });
  test('with it nothing is said', async () => {
    const { stdout, stderr } = await jobs('list', '--project', 'shop-finance', '--all', '--format', 'json');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ redacted: 0 });
    expect(stdout).not.toContain('"redacted": true');
  });
});

test('JSON tells how long a job ran, or runs, in milliseconds', async () => {
  const show = async (job: string) =>
    JSON.parse((await jobs('show', `shop-finance:US.${job}`, '--format', 'json')).stdout);
  expect(await show('over')).toMatchObject({ runtimeMs: 60_000 });
  expect((await show('old')).runtimeMs).toBeGreaterThanOrEqual(5 * HOUR * 60_000);
  expect(await show('waits')).not.toHaveProperty('runtimeMs');
  const { stdout } = await jobs(
    'list',
    '--project',
    'shop-finance',
    '--all',
    '--state',
    'done',
    '--format',
    'json',
  );
  expect(JSON.parse(stdout).jobs).toMatchObject([{ jobId: 'over', runtimeMs: 60_000 }]);
});

test('a failure as JSON', async () => {
  const { code, stdout } = await jobs('show', 'shop-finance:US.nothing', '--format', 'json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual({ error: { name: 'NotFoundError', message: expect.any(String) } });
});
