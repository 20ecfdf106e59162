import * as z from 'zod';
import { StoreAddress } from '../shared/ledger/store-address.schema.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { Projects, SweepTopics, Topic, wholeNumber } from './setting-values.schema.ts';

/** Pub/Sub waits 600 s for an answer at most; a claim's lease outlives the function by a minute. */
const MAX_TIMEOUT_SECONDS = 540;

const Address = z.url({
  protocol: /^https?$/,
  error: 'expected an address such as http://127.0.0.1:8080',
});

/** Every setting of a function that watches jobs, for docs/settings.md too. */
export const WatchEnvironment = z.object({
  WATCHDOG_POLICIES: z.string('is required: the path or gs:// address of the policy file'),
  WATCHDOG_LEDGER: z
    .string('is required: where acts are recorded, such as sqlite:/var/lib/watchdog/ledger.sqlite')
    .pipe(StoreAddress),
  WATCHDOG_PROJECTS: Projects,
  WATCHDOG_ALERTS_TOPIC: Topic.optional(),
  WATCHDOG_SWEEP_TOPICS: SweepTopics.default(new Map()),
  WATCHDOG_MAX_INSTANCES: wholeNumber('instances', 1, 1_000),
  WATCHDOG_TICK_SECONDS: wholeNumber('seconds', 60, MAX_TIMEOUT_SECONDS),
  WATCHDOG_REDACTION_KEY: z.string().optional(),
  WATCHDOG_BIGQUERY_ENDPOINT: Address.optional(),
  /** Of `retry` alone, whose jobs run as the accounts of others. */
  WATCHDOG_IAM_ENDPOINT: Address.optional(),
  /** Of `purge` alone. */
  WATCHDOG_HOLDS: z.string().optional(),
  WATCHDOG_DRY_RUN: z.enum(['true', 'false'], 'expected true or false').default('false'),
  CLOUD_RUN_TIMEOUT_SECONDS: wholeNumber('seconds', 300, MAX_TIMEOUT_SECONDS),
  GOOGLE_CLOUD_PROJECT: z.string().optional(),
  STORAGE_EMULATOR_HOST: z.string().optional(),
});
export type WatchEnvironment = z.infer<typeof WatchEnvironment>;

export interface Settings {
  readonly policies: string;
  readonly ledger: StoreAddress;
  readonly projects: readonly string[];
  readonly alertsTopic: string | undefined;
  /** Where an unfinished sweep of a verb is sent to be gone on with. */
  readonly sweepTopics: SweepTopics;
  /** How many instances share the quota of this function's account. */
  readonly maxInstances: number;
  readonly tickMs: number;
  readonly timeoutMs: number;
  readonly redactionKey: string | undefined;
  readonly bigqueryEndpoint: string | undefined;
  /** Where `retry` asks for the tokens of service accounts, if not Google. */
  readonly iamEndpoint: string | undefined;
  /** The file of legal holds, which `purge` obeys; undefined: nothing is on hold. */
  readonly holds: string | undefined;
  readonly dryRun: boolean;
  /** The project that the function itself runs in. */
  readonly ownProject: string | undefined;
  readonly storageEmulatorHost: string | undefined;
}

/**
 * Reads the settings of a function that watches jobs (docs/settings.md), all faults at once.
 *
 * @throws SettingsError
 */
export function readSettings(environment: Environment): Settings {
  const env = readEnvironment(WatchEnvironment, [], environment);
  return {
    policies: env.WATCHDOG_POLICIES,
    ledger: env.WATCHDOG_LEDGER,
    projects: env.WATCHDOG_PROJECTS,
    alertsTopic: env.WATCHDOG_ALERTS_TOPIC,
    sweepTopics: env.WATCHDOG_SWEEP_TOPICS,
    maxInstances: env.WATCHDOG_MAX_INSTANCES,
    tickMs: env.WATCHDOG_TICK_SECONDS * 1_000,
    timeoutMs: env.CLOUD_RUN_TIMEOUT_SECONDS * 1_000,
    redactionKey: env.WATCHDOG_REDACTION_KEY,
    bigqueryEndpoint: env.WATCHDOG_BIGQUERY_ENDPOINT,
    // What stands in for BigQuery stands in for IAM Credentials too: it is handed no token of Google's.
    iamEndpoint: env.WATCHDOG_IAM_ENDPOINT ?? env.WATCHDOG_BIGQUERY_ENDPOINT,
    holds: env.WATCHDOG_HOLDS,
    dryRun: env.WATCHDOG_DRY_RUN === 'true',
    ownProject: env.GOOGLE_CLOUD_PROJECT,
    storageEmulatorHost: env.STORAGE_EMULATOR_HOST,
  };
}
