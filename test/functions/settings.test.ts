import { describe, expect, test } from 'vitest';
import { SettingsError } from '../../functions/environment.ts';
import { readSettings } from '../../functions/settings.schema.ts';

const GOOD = {
  WATCHDOG_POLICIES: 'policies.yaml',
  WATCHDOG_LEDGER: 'sqlite:/var/lib/ledger.sqlite',
  WATCHDOG_PROJECTS: 'my-project, example.com:their-project',
};

test('what is not set has its usual value', () => {
  expect(readSettings(GOOD)).toEqual({
    policies: 'policies.yaml',
    ledger: { kind: 'sqlite', path: '/var/lib/ledger.sqlite' },
    projects: ['my-project', 'example.com:their-project'],
    alertsTopic: undefined,
    sweepTopics: new Map(),
    maxInstances: 1,
    tickMs: 60_000,
    timeoutMs: 300_000,
    redactionKey: undefined,
    bigqueryEndpoint: undefined,
    iamEndpoint: undefined,
    dryRun: false,
    ownProject: undefined,
    storageEmulatorHost: undefined,
  });
});

test('set to nothing is not set', () => {
  const empty = { WATCHDOG_ALERTS_TOPIC: '', WATCHDOG_TICK_SECONDS: '', WATCHDOG_DRY_RUN: '' };
  expect(readSettings({ ...GOOD, ...empty })).toEqual(readSettings(GOOD));
});

test('where another API stands in for BigQuery, Google is asked for no tokens', () => {
  const standIn = { ...GOOD, WATCHDOG_BIGQUERY_ENDPOINT: 'http://127.0.0.1:8199' };
  expect(readSettings(standIn).iamEndpoint).toBe('http://127.0.0.1:8199');
  const own = { ...standIn, WATCHDOG_IAM_ENDPOINT: 'http://127.0.0.1:8200' };
  expect(readSettings(own).iamEndpoint).toBe('http://127.0.0.1:8200');
});

test('a file of holds that is set to nothing is none, and one that is named is that one', () => {
  expect(readSettings({ ...GOOD, WATCHDOG_HOLDS: '' }).holds).toBeUndefined();
  expect(readSettings({ ...GOOD, WATCHDOG_HOLDS: 'gs://b/holds.yaml' }).holds).toBe('gs://b/holds.yaml');
});

test('what is no setting of ours may stand beside them', () => {
  expect(readSettings({ ...GOOD, PATH: '/bin' })).toEqual(readSettings(GOOD));
});

/** The lines of the error, without its first. */
function faultsOf(environment: Record<string, string>): string[] {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.message.split('\n').slice(1);
  }
  return [];
}

test('all faults are told at once, each with the setting, its value and what is expected', () => {
  const faults = faultsOf({
    WATCHDOG_LEDGER: 'mysql:x',
    WATCHDOG_PROJECTS: 'good-project,my project,,',
    WATCHDOG_ALERTS_TOPIC: 'alerts',
    WATCHDOG_SWEEP_TOPICS: 'cancel=alerts',
    WATCHDOG_MAX_INSTANCES: 'many',
    WATCHDOG_TICK_SECONDS: '1.5',
    WATCHDOG_BIGQUERY_ENDPOINT: '127.0.0.1:80',
    WATCHDOG_IAM_ENDPOINT: 'iam:80',
    WATCHDOG_DRY_RUN: 'yes',
    WATCHDOG_POLICY: 'policies.yaml',
    CLOUD_RUN_TIMEOUT_SECONDS: '600',
  });
  expect(faults.map((line) => line.trim())).toEqual([
    'WATCHDOG_POLICY is no setting; did you mean WATCHDOG_POLICIES?',
    'WATCHDOG_POLICIES is required: the path or gs:// address of the policy file',
    'WATCHDOG_LEDGER is "mysql:x": expected sqlite:PATH, sqlite::memory: or firestore:[DATABASE]',
    'WATCHDOG_PROJECTS is "good-project,my project,,": expected project ids, separated by commas, and not "my project", ""',
    'WATCHDOG_ALERTS_TOPIC is "alerts": expected projects/P/topics/T',
    'WATCHDOG_SWEEP_TOPICS is "cancel=alerts": expected VERB=projects/P/topics/T, separated by commas, each verb once; verbs are cancel, retry, purge',
    'WATCHDOG_MAX_INSTANCES is "many": expected a whole number of instances',
    'WATCHDOG_TICK_SECONDS is "1.5": expected a whole number of seconds',
    'WATCHDOG_BIGQUERY_ENDPOINT is "127.0.0.1:80": expected an address such as http://127.0.0.1:8080',
    'WATCHDOG_IAM_ENDPOINT is "iam:80": expected an address such as http://127.0.0.1:8080',
    'WATCHDOG_DRY_RUN is "yes": expected true or false',
    'CLOUD_RUN_TIMEOUT_SECONDS is "600": expected at most 540 seconds',
  ]);
});

describe('whole seconds', () => {
  test.each([
    { seconds: '0', good: false },
    { seconds: '1', good: true },
    { seconds: '540', good: true },
    { seconds: '541', good: false },
    { seconds: '-5', good: false },
    { seconds: '60s', good: false },
  ])('$seconds → $good', ({ seconds, good }) => {
    expect(faultsOf({ ...GOOD, WATCHDOG_TICK_SECONDS: seconds }).length === 0).toBe(good);
  });
});
