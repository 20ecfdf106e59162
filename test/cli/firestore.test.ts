import { expect, test } from 'vitest';
import type { Ledger } from '../../shared/ledger/ledger.ts';
import { openLedger } from '../../shared/ledger/stored-ledger.ts';
import { findEmulators } from '../google/emulators.ts';
import {
  emulatorEnvironment,
  firestoreStore,
  freshProject,
  useFirestore,
} from '../google/firestore-ledger.ts';
import { freePort } from '../google/free-port.ts';
import { describeWherePossible } from '../google/where-possible.ts';
import { ManualClock } from '../ledger/manual-clock.ts';
import { bqWatchdog, bqWatchdogInside, type Setting, temporaryFolder } from './bq-watchdog.ts';
import { jobsServer } from './jobs-server.ts';
import { act } from './ledger-file.ts';

const folder = temporaryFolder();

describeWherePossible('commands on a ledger in Firestore, on the emulator', findEmulators(), (sdk) => {
  const emulator = useFirestore(sdk);
  const server = jobsServer();

  /** A ledger as a function has left it, and the environment in which it is found. */
  async function deployed(
    fill: (ledger: Ledger) => Promise<unknown> = async () => undefined,
  ): Promise<{ ledger: Ledger; environment: Record<string, string> }> {
    const projectId = freshProject();
    const clock = new ManualClock(Date.now());
    const ledger = openLedger(firestoreStore(clock, { projectId, database: 'acts' }), clock);
    await ledger.savePolicy('cancel', 'version: 1');
    await fill(ledger);
    const environment = { GOOGLE_CLOUD_PROJECT: projectId, WATCHDOG_LEDGER: 'firestore:acts', USER: 'ada' };
    return { ledger, environment };
  }

  test('a stop stands in the database until somebody resumes', async () => {
    const { ledger, environment } = await deployed();
    const stopped = await bqWatchdogInside(['stop', '--reason', 'wrong policy'], { environment });
    expect(stopped).toMatchObject({ code: 0, stdout: expect.stringMatching(/^stopped: /), stderr: '' });
    expect(await ledger.stopped()).toMatchObject({ by: 'ada', reason: 'wrong policy' });
    expect(await bqWatchdogInside(['resume'], { environment })).toMatchObject({ code: 0, stderr: '' });
    expect(await ledger.stopped()).toBeUndefined();
  });

  test('acts are listed, as a process, which then ends', async () => {
    const { environment } = await deployed((ledger) => act(ledger, { policy: 'short', jobId: 'guilty' }));
    const ended = await bqWatchdog(['acts', '--format', 'json'], {
      environment: { ...environment, ...emulatorEnvironment(emulator.host) },
    });
    expect({ ...ended, stdout: JSON.parse(ended.stdout) }).toMatchObject({
      code: 0,
      stderr: '',
      stdout: { acts: [{ job: 'shop:EU.guilty', policy: 'short', state: 'claimed' }] },
    });
  });

  test('an open breaker is shown and closed', async () => {
    const scope = { verb: 'cancel', policy: 'wild' } as const;
    const { ledger, environment } = await deployed(async (filled) => {
      await filled.takeSlot(scope, 'cancel:1', 2, 3_600_000);
      await filled.tripBreaker(scope, { atMs: Date.now(), why: 'too much' }, { ceId: 'wild', event: {} });
    });
    const run = (...args: string[]) => bqWatchdogInside(['breaker', ...args], { environment });
    const status = await run('status');
    expect(status).toMatchObject({ code: 1, stdout: expect.stringMatching(/wild +cancel +OPEN +1/) });
    expect(await run('reset', 'wild')).toMatchObject({ code: 0, stderr: '' });
    expect(await ledger.breakers()).toEqual([]);
  });

  test('a cancel by hand is recorded', async () => {
    server.running('endless', 60);
    const { ledger, environment } = await deployed();
    const { code, stdout } = await bqWatchdogInside(['jobs', 'cancel', 'shop-finance:US.endless'], {
      environment: { ...environment, ...server.environment() },
    });
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('was cancelled') });
    expect(await ledger.recentClaims(0, 10)).toMatchObject([
      { policy: 'by-hand', state: 'ended', outcome: 'cancelled', job: { jobId: 'endless' } },
    ]);
  });

  test('a database that no function has used is told apart from one in which nothing was done', async () => {
    const { environment } = await deployed();
    const { code, stdout, stderr } = await bqWatchdogInside(['acts', '--ledger', 'firestore:other'], {
      environment,
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'nothing was done within the last 24 h\n' });
    expect(stderr).toBe(
      `warning: no function has left its policy in ledger firestore:other in project ${environment['GOOGLE_CLOUD_PROJECT']}; is it the one of WATCHDOG_LEDGER and GOOGLE_CLOUD_PROJECT of your functions?\n`,
    );
  });
});

test.for([
  {
    name: 'nobody is signed in',
    environment: async () => ({ GOOGLE_CLOUD_PROJECT: 'shop' }),
    says: /^error: ledger firestore:acts in project shop: there are no credentials; run "gcloud auth application-default login"/,
  },
  {
    name: 'no project is named',
    environment: async () => ({}),
    says: /^error: ledger firestore:acts: .*; set GOOGLE_CLOUD_PROJECT, and /,
  },
  {
    name: 'it is out of reach',
    environment: async () => ({
      GOOGLE_CLOUD_PROJECT: 'shop',
      FIRESTORE_EMULATOR_HOST: `127.0.0.1:${await freePort()}`,
    }),
    says: /^error: ledger firestore:acts in project shop: Firestore does not answer within 10 s; look whether it can be reached/,
  },
])(
  'a Firestore that cannot be used is one line that says what to do: $name',
  async ({ environment, says }) => {
    const outside: Setting = {
      environment: {
        HOME: folder,
        CLOUDSDK_CONFIG: folder,
        METADATA_SERVER_DETECTION: 'none',
        ...(await environment()),
      },
    };
    const { code, stdout, stderr } = await bqWatchdog(['acts', '--ledger', 'firestore:acts'], outside);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(says);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  },
);
