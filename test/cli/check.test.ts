import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bqWatchdog, temporaryFolder } from './bq-watchdog.ts';

const folder = temporaryFolder();

const GOOD = `version: 1
policies:
  - name: interactive-runtime
    limit: { runtime: 30m }
    action: cancel
  - name: queue
    limit: { pending: 1h }
    action: alert
`;

const WARNED = `${GOOD}  - name: loose
    limit: { cost: 50 USD }
    match: { principals: [nobody], locations: [EU] }
    action: cancel
`;

const BROKEN = `version: 1
policies:
  - name: interactive-runtime
    limit: { runtime: 30x }
    acton: cancel
`;

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

function check(...args: string[]) {
  return bqWatchdog(['check', ...args], { cwd: folder });
}

test('policies with a retry are counted, too', async () => {
  const again = '  - { name: again, match: { principals: ["etl@p.iam.gserviceaccount.com"] }, retry: {} }\n';
  const { stdout } = await check(write('again.yaml', GOOD + again));
  expect(stdout).toBe('again.yaml: 3 policies, no faults\n');
});

test('policies with a purge are counted, too', async () => {
  const purged = '  - { name: cards, sensitive: { detectors: creditCard }, purge: {} }\n';
  const { stdout } = await check(write('purged.yaml', GOOD + purged));
  expect(stdout).toBe('purged.yaml: 3 policies, no faults\n');
});

describe('a file of holds', () => {
  const HOLDS =
    'version: 1\nholds:\n  - { id: a, reason: r, until: 2027-01-31, match: { projects: shop } }\n';

  test('is told in one line, exit 0', async () => {
    expect(await check('--holds', write('holds.yaml', HOLDS))).toEqual({
      code: 0,
      stdout: 'holds.yaml: 1 hold, no faults\n',
      stderr: '',
    });
  });

  test('that is refused has its faults told, exit 1', async () => {
    const broken = write('broken-holds.yaml', HOLDS.replace('2027-01-31', 'soon'));
    const { code, stdout } = await check('--holds', broken);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^broken-holds\.yaml:3:32: until of hold "a": "soon" is neither a date nor an instant\n[\s\S]*: 1 fault\n$/,
    );
    const asJson = await check('--holds', broken, '--format', 'json');
    expect(JSON.parse(asJson.stdout)).toMatchObject({
      holds: null,
      faults: [{ line: 3, column: 32 }],
      warnings: [],
    });
  });

  test('is not checked beside a policy file, exit 2', async () => {
    const { code, stderr } = await check(write('both.yaml', GOOD), '--holds', 'holds.yaml');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('one file is checked at a time'),
    });
  });
});

test('a good file is told in one line, exit 0', async () => {
  expect(await check(write('good.yaml', GOOD))).toEqual({
    code: 0,
    stdout: 'good.yaml: 2 policies, no faults\n',
    stderr: '',
  });
});

test('without FILE the file of the environment is checked', async () => {
  const environment = { WATCHDOG_POLICIES: join(folder, write('of-the-environment.yaml', GOOD)) };
  const { code, stdout } = await bqWatchdog(['check'], { environment });
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: `${environment.WATCHDOG_POLICIES}: 2 policies, no faults\n`,
  });
});

test('every fault is told with its place and the marked line, exit 1', async () => {
  const { code, stdout, stderr } = await check(write('broken.yaml', BROKEN));
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  const lines = stdout.split('\n');
  expect(lines.filter((line) => line.startsWith('broken.yaml:'))).toEqual([
    expect.stringMatching(/^broken\.yaml:4:23: .*30x/),
    expect.stringMatching(/^broken\.yaml:5:5: .*acton/),
    'broken.yaml: 2 faults',
  ]);
  expect(lines[1]).toBe('    4 |     limit: { runtime: 30x }');
  expect(lines[2]?.indexOf('^')).toBe('    4 |     limit: { runtime: 30x }'.indexOf('30x'));
});

test('warnings alone are told and exit 0', async () => {
  const { code, stdout } = await check(write('warned.yaml', WARNED));
  expect(code).toBe(0);
  expect(stdout).toMatch(/^warned\.yaml:10:14: warning: .*limit\.cost/);
  expect(stdout).toMatch(/\nwarned\.yaml: 3 policies, no faults, 2 warnings\n$/);
});

describe('--format json prints one JSON value and nothing else', () => {
  const cases = [
    { text: GOOD, code: 0, policies: 2, faults: 0, warnings: 0 },
    { text: WARNED, code: 0, policies: 3, faults: 0, warnings: 2 },
    { text: BROKEN, code: 1, policies: null, faults: 2, warnings: 0 },
  ];
  test.for(cases)('policies: $policies, faults: $faults, warnings: $warnings', async (expected) => {
    const file = write(`json-${expected.faults}-${expected.warnings}.yaml`, expected.text);
    const { code, stdout, stderr } = await check(file, '--format', 'json');
    expect({ code, stderr }).toEqual({ code: expected.code, stderr: '' });
    const { faults, warnings, ...result } = JSON.parse(stdout);
    expect(result).toEqual({ file, policies: expected.policies });
    expect([faults.length, warnings.length]).toEqual([expected.faults, expected.warnings]);
    for (const fault of [...faults, ...warnings]) {
      expect(fault).toMatchObject({ line: expect.any(Number), column: expect.any(Number) });
      expect(fault.message).toEqual(expect.any(String));
    }
  });
});

test('a file that cannot be read is a failure, not a fault of the file: exit 1, on stderr', async () => {
  expect(await check('absent.yaml')).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^error: absent\.yaml does not exist; .+\n$/),
  });
  expect(await check('absent.yaml', '--format', 'json')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('"OwnerFileMissing"'),
  });
});

test('a gs:// address is read from Cloud Storage', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('x-goog-generation', '7').end(GOOD);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const environment = { STORAGE_EMULATOR_HOST: `127.0.0.1:${port}` };
  const { code, stdout, stderr } = await bqWatchdog(['check', 'gs://owner/policies.yaml'], { environment });
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: 'gs://owner/policies.yaml: 2 policies, no faults\n',
    stderr: '',
  });
  expect(asked).toEqual(['/storage/v1/b/owner/o/policies.yaml?alt=media']);
});
