import * as z from 'zod';
import { StoreAddress } from '../shared/ledger/store-address.schema.ts';
import { nearestWord } from '../shared/policy/nearest.ts';

const PROJECT = /^(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
const TOPIC = /^projects\/[^/]+\/topics\/[^/]+$/;

/** Pub/Sub waits 600 s for an answer at most; a claim's lease outlives the function by a minute. */
const MAX_TIMEOUT_SECONDS = 540;

const wholeSeconds = (usual: number, most: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'expected a whole number of seconds')
    .transform(Number)
    .refine((seconds) => seconds <= most, `expected at most ${most} seconds`)
    .default(usual);

/** A list of project ids; spaces around the commas are dropped. */
const Projects = z
  .string()
  .transform((text) => text.split(',').map((project) => project.trim()))
  .pipe(z.array(z.string().regex(PROJECT, 'expected project ids, separated by commas')).min(1));

/** Every setting of this version, for docs/settings.md too. What is unset and what is set to nothing is the same. */
export const Environment = z.object({
  WATCHDOG_POLICIES: z.string('is required: the path or gs:// address of the policy file'),
  WATCHDOG_LEDGER: z
    .string('is required: where acts are recorded, such as sqlite:/var/lib/watchdog/ledger.sqlite')
    .pipe(StoreAddress),
  WATCHDOG_PROJECTS: z
    .string('is required: the ids of the projects to watch, separated by commas')
    .pipe(Projects),
  WATCHDOG_ALERTS_TOPIC: z.string().regex(TOPIC, 'expected projects/P/topics/T').optional(),
  WATCHDOG_TICK_SECONDS: wholeSeconds(60, MAX_TIMEOUT_SECONDS),
  WATCHDOG_REDACTION_KEY: z.string().optional(),
  WATCHDOG_BIGQUERY_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'expected an address such as http://127.0.0.1:8080' })
    .optional(),
  WATCHDOG_DRY_RUN: z.enum(['true', 'false'], 'expected true or false').default('false'),
  CLOUD_RUN_TIMEOUT_SECONDS: wholeSeconds(300, MAX_TIMEOUT_SECONDS),
  GOOGLE_CLOUD_PROJECT: z.string().optional(),
  STORAGE_EMULATOR_HOST: z.string().optional(),
});
export type Environment = z.infer<typeof Environment>;

/** Settings of other functions that share an environment with this one. */
export const OTHERS = ['WATCHDOG_HOLDS', 'WATCHDOG_SWEEP_TOPICS', 'WATCHDOG_IAM_ENDPOINT'];

export interface Settings {
  readonly policies: string;
  readonly ledger: StoreAddress;
  readonly projects: readonly string[];
  readonly alertsTopic: string | undefined;
  readonly tickMs: number;
  readonly timeoutMs: number;
  readonly redactionKey: string | undefined;
  readonly bigqueryEndpoint: string | undefined;
  readonly dryRun: boolean;
  /** The project that the function itself runs in. */
  readonly ownProject: string | undefined;
  readonly storageEmulatorHost: string | undefined;
}

/** Every fault of the settings, one a line. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  constructor(faults: readonly string[]) {
    super(`the settings cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}

/**
 * Reads the settings from the environment (docs/settings.md), all faults at once.
 *
 * @throws SettingsError
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = Environment.safeParse(given);
  const faults = [
    ...misspelled(given),
    ...(parsed.error?.issues.map((issue) => faultOf(issue, given)) ?? []),
  ];
  if (!parsed.success || faults.length > 0) throw new SettingsError(faults);
  const env = parsed.data;
  return {
    policies: env.WATCHDOG_POLICIES,
    ledger: env.WATCHDOG_LEDGER,
    projects: env.WATCHDOG_PROJECTS,
    alertsTopic: env.WATCHDOG_ALERTS_TOPIC,
    tickMs: env.WATCHDOG_TICK_SECONDS * 1_000,
    timeoutMs: env.CLOUD_RUN_TIMEOUT_SECONDS * 1_000,
    redactionKey: env.WATCHDOG_REDACTION_KEY,
    bigqueryEndpoint: env.WATCHDOG_BIGQUERY_ENDPOINT,
    dryRun: env.WATCHDOG_DRY_RUN === 'true',
    ownProject: env.GOOGLE_CLOUD_PROJECT,
    storageEmulatorHost: env.STORAGE_EMULATOR_HOST,
  };
}

/** A misspelled setting would silently be without effect. */
function misspelled(given: Readonly<Record<string, unknown>>): readonly string[] {
  const known = [...Object.keys(Environment.shape), ...OTHERS];
  return Object.keys(given)
    .filter((key) => key.startsWith('WATCHDOG_') && !known.includes(key))
    .map((key) => {
      const nearest = nearestWord(key, known);
      return `${key} is no setting${nearest ? `; did you mean ${nearest}?` : `; known are ${known.join(', ')}`}`;
    });
}

/** A redaction key is never repeated. */
function faultOf(issue: z.core.$ZodIssue, given: Readonly<Record<string, unknown>>): string {
  const key = String(issue.path[0]);
  return given[key] === undefined
    ? `${key} ${issue.message}`
    : `${key} is ${JSON.stringify(given[key])}: ${issue.message}`;
}
