import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import { openLedger } from '../../shared/ledger/stored-ledger.ts';
import { bqWatchdogInside, temporaryFolder } from './bq-watchdog.ts';
import { jobsServer, MARKER } from './jobs-server.ts';
import { act, ledgerFile } from './ledger-file.ts';

const server = jobsServer();
const folder = temporaryFolder();
const HOUR_AGO = 60;
const ENDED = { runMs: 1_000 };

const HOLDS = `version: 1
holds:
  - { id: acme, reason: Litigation, until: 2099-01-31, match: { jobs: ["shop-finance:US.on_hold"] } }
`;

function holdsFile(name: string, text: string): string {
  const path = join(folder, `${name}.yaml`);
  writeFileSync(path, text);
  return path;
}
const NO_HOLDS = holdsFile('none', 'version: 1\nholds: []\n');

async function remove(
  jobId: string,
  args: readonly string[] = ['--yes'],
  { ledger, answer, env = {} }: { ledger?: string; answer?: string; env?: Record<string, string> } = {},
) {
  const address = ledger ?? (await ledgerFile(folder, `${jobId}.sqlite`, async () => undefined));
  const questions: string[] = [];
  const ask = async (question: string) => {
    questions.push(question);
    return answer ?? '';
  };
  const all = ['jobs', 'delete', `shop-finance:US.${jobId}`, '--ledger', address, ...args];
  const environment = { ...server.environment(), WATCHDOG_HOLDS: NO_HOLDS, ...env };
  const ended = await bqWatchdogInside(all, { environment, ...(answer !== undefined && { ask }) });
  expect(ended.stdout + ended.stderr + questions.join()).not.toContain(MARKER);
  return { ...ended, address, questions };
}

const isThere = (jobId: string) => server.truth(jobId) !== undefined;

test('asks, deletes a script with its children, sees that they are gone, and certifies it', async () => {
  server.running('script', HOUR_AGO, { ...ENDED, children: [ENDED, ENDED] });
  const { code, stdout, stderr, questions, address } = await remove('script', [], { answer: 'y' });
  expect(questions).toEqual([
    expect.stringMatching(
      /^Delete the metadata of shop-finance:US\.script, run by ada@example\.com, ended \S+Z and of its 2 children\? It cannot be undone\. \[y\/N\]$/,
    ),
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(
    /^shop-finance:US\.script was deleted with 2 children, and BigQuery knew it no more at \S+Z\. Copies may remain in: audit-log, log-sinks, .*\n$/,
  );
  expect(isThere('script')).toBe(false);

  const listed = await bqWatchdogInside(['certificates', '--ledger', address]);
  expect(listed.stdout).toMatch(
    /^GONE AT +JOB +CHILDREN .*\n\S+Z +shop-finance:US\.script +2 +ada@example\.com +by-hand +ada\n$/,
  );
  const json = JSON.parse(
    (await bqWatchdogInside(['certificates', '--ledger', address, '--format', 'json'])).stdout,
  );
  expect(json).toMatchObject({
    more: false,
    certificates: [
      { job: 'shop-finance:US.script', by: 'ada', policy: 'by-hand', askedAt: [expect.any(String)] },
    ],
  });
  const acts = await bqWatchdogInside(['acts', '--ledger', address]);
  expect(acts.stdout).toMatch(/shop-finance:US\.script +by-hand +purged +1/);
});

test('declined, it stays', async () => {
  server.running('declined', HOUR_AGO, ENDED);
  const { code, stdout } = await remove('declined', ['--format', 'json'], { answer: 'n' });
  expect({ code, told: JSON.parse(stdout) }).toMatchObject({
    code: 1,
    told: {
      job: 'shop-finance:US.declined',
      outcome: 'declined',
      principal: 'ada@example.com',
      children: [],
    },
  });
  expect(isThere('declined')).toBe(true);
});

describe('what is not deleted stays, and the reason is told:', () => {
  test.for([
    {
      jobId: 'on_hold',
      more: ENDED,
      outcome: 'on-hold',
      says: /on hold until 2099-01-31T23:59:59\.999Z \(acme\)/,
    },
    { jobId: 'runs', more: {}, outcome: 'not-ended', says: /it runs still; bq-watchdog jobs cancel/ },
  ])('$outcome', async ({ jobId, more, outcome, says }) => {
    server.running(jobId, HOUR_AGO, more);
    const { code, stdout } = await remove(jobId, [
      '--yes',
      '--format',
      'json',
      '--holds',
      holdsFile('acme', HOLDS),
    ]);
    const told = JSON.parse(stdout);
    expect({ code, outcome: told.outcome }).toEqual({ code: 1, outcome });
    expect(told.sentence).toMatch(says);
    expect(isThere(jobId)).toBe(true);
  });

  test('child', async () => {
    server.running('parent', HOUR_AGO, { ...ENDED, children: [ENDED] });
    const { code, stdout } = await remove(server.childrenOf('parent')[0] ?? 'no child');
    expect(code).toBe(1);
    expect(stdout).toMatch(/is a child of .*parent, .*: bq-watchdog jobs delete shop-finance:US\.parent\n/);
  });

  test('not-found', async () => {
    const { code, stdout } = await remove('never');
    expect(code).toBe(1);
    expect(stdout).toMatch(/is not known to BigQuery there, so nothing was deleted; .*--location/);
  });

  test('holds-unreadable', async () => {
    server.running('unread', HOUR_AGO, ENDED);
    const { code, stdout } = await remove('unread', ['--yes', '--holds', join(folder, 'absent.yaml')]);
    expect({ code, stdout }).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/cannot be read: .*absent\.yaml does not exist/),
    });
    expect(isThere('unread')).toBe(true);
  });

  test('retry-pending, by the policies alone', async () => {
    const principal = 'etl@shop-finance.iam.gserviceaccount.com';
    const policies = join(folder, 'policies.yaml');
    writeFileSync(
      policies,
      `version: 1
mode: enforce
policies:
  - { name: again, match: { principals: ["${principal}"] }, retry: { reasons: [backendError], deadline: 6h } }
`,
    );
    const error = { reason: 'backendError', message: 'no' };
    server.running('failed', HOUR_AGO, { ...ENDED, principal, error });
    const { code, stdout, stderr } = await remove('failed', ['--yes'], {
      env: { WATCHDOG_POLICIES: policies },
    });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(/was not deleted, for a retry that it belongs to goes first, until \S+Z at most/);
    expect(isThere('failed')).toBe(true);

    const unasked = await remove('failed');
    expect(unasked.code).toBe(0);
    expect(unasked.stderr).toMatch(/^warning: it failed, and no policy file is named/);
  });

  test('under-way', async () => {
    server.running('held', HOUR_AGO, ENDED);
    const ledger = await ledgerFile(folder, 'held.sqlite', async (open, time) => {
      time.nowMs = Date.now();
      const about = {
        verb: 'purge',
        attempt: 1,
        policy: 'secrets',
        leaseMs: 600_000,
        holder: 'there',
      } as const;
      const finding = {
        policy: 'secrets',
        degree: 'crossed',
        action: 'purge',
        mode: 'enforce',
        sentence: 's',
      } as const;
      await open.win({
        ...about,
        finding,
        job: { projectId: 'shop-finance', location: 'US', jobId: 'held' },
      });
      await act(open, { jobId: 'another', policy: 'other' });
    });
    const { code, stdout } = await remove('held', ['--yes', '--wait', '1s'], { ledger });
    expect(code).toBe(1);
    expect(stdout).toMatch(/is being deleted by the watchdog already, for secrets/);
  });

  test('dry-run', async () => {
    server.running('dry', HOUR_AGO, ENDED);
    const before = server.writes();
    const { code, stdout } = await remove('dry', ['--yes'], { env: { WATCHDOG_DRY_RUN: 'true' } });
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: 'shop-finance:US.dry was not deleted, for WATCHDOG_DRY_RUN is true\n',
    });
    expect(server.writes()).toBe(before);
  });

  test('not-asked', async () => {
    server.running('denied', HOUR_AGO, ENDED);
    server.withhold('bigquery.jobs.delete');
    const { code, stdout } = await remove('denied');
    server.withhold(undefined);
    expect(code).toBe(1);
    expect(stdout).toMatch(/was not deleted, for BigQuery took no request: .*bigquery\.jobs\.delete/);
    expect(isThere('denied')).toBe(true);
  });
});

test('--nosync leaves what is not seen to be gone yet to the next sweep', async () => {
  server.running('lingers', HOUR_AGO, ENDED);
  server.set({ kind: 'lingers', getsMs: 600_000 }, ['delete']);
  const { code, stdout, address } = await remove('lingers', ['--yes', '--nosync', '--format', 'json']);
  server.set(undefined, []);
  expect({ code, outcome: JSON.parse(stdout).outcome }).toEqual({ code: 0, outcome: 'asked' });
  const clock = { now: () => Date.now() };
  const ledger = openLedger(new SqliteStore({ path: address.slice('sqlite:'.length), clock }), clock);
  const [claim] = await ledger.recentClaims(0, 1);
  await ledger.close();
  expect(claim).toMatchObject({
    state: 'asked',
    policy: 'by-hand',
    purge: { seenDoneAtMs: expect.any(Number) },
  });
  const acts = await bqWatchdogInside(['acts', '--ledger', address]);
  expect(acts.stdout).toMatch(/lingers +by-hand +asked to delete +1/);
});

test('whoever names no file of holds is warned', async () => {
  server.running('warned', HOUR_AGO, ENDED);
  const { code, stderr } = await remove('warned', ['--yes'], { env: { WATCHDOG_HOLDS: '' } });
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /^warning: no file of legal holds is named \(--holds, WATCHDOG_HOLDS\), so nothing counts as on hold/,
  );
});

test('where nobody can be asked --yes must be given', async () => {
  const { code, stderr } = await remove('nobody', []);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'error: nobody can be asked here: give --yes to delete it without a question\n',
  });
});
