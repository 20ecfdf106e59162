import { logPublisher } from '../shared/alert/log-publisher.ts';
import type { AlertPublisher } from '../shared/alert/publisher.ts';
import { pubsubPublisher } from '../shared/alert/pubsub-publisher.ts';
import { BackgroundBudget } from '../shared/bigquery/background-budget.ts';
import { createJobsClient } from '../shared/bigquery/backing-off-client.ts';
import { type Budget, CallBudget } from '../shared/bigquery/budget.ts';
import { GOOGLE_LIMITS, shareOf } from '../shared/bigquery/budget-limits.ts';
import { refuseApiWrites } from '../shared/bigquery/dry-run-client.ts';
import { googleImpersonator } from '../shared/bigquery/google-impersonator.ts';
import { googleJobsApi } from '../shared/bigquery/google-jobs-api.ts';
import type { JobsApi } from '../shared/bigquery/jobs-api.ts';
import type { JobsClient } from '../shared/bigquery/jobs-client.ts';
import { openHolds } from '../shared/enforce/open-holds.ts';
import { openPolicy } from '../shared/enforce/open-policy.ts';
import type { Span } from '../shared/enforce/ports.ts';
import { tellLedgerLost } from '../shared/enforce/tell-ledger-lost.ts';
import type { FileLoss } from '../shared/ledger/file-identity.ts';
import type { Verb } from '../shared/ledger/ledger.ts';
import { openStore } from '../shared/ledger/open-store.ts';
import type { LedgerStore } from '../shared/ledger/store.ts';
import { openLedger } from '../shared/ledger/stored-ledger.ts';
import { openOwnerFile } from '../shared/owner-files/open-owner-file.ts';
import type { OwnerFile } from '../shared/owner-files/owner-file.ts';
import type { Clock } from '../shared/ports/clock.ts';
import type { Log } from '../shared/ports/log.ts';
import type { Random } from '../shared/ports/random.ts';
import type { Background } from '../shared/watch/history-ports.ts';
import { JudgedBefore } from '../shared/watch/judged-before.ts';
import type { WatchPurgePorts } from '../shared/watch/watch-ended-purge.ts';
import { openLog } from './log.ts';
import { readSettings, type Settings } from './settings.schema.ts';
import { pubsubSweepMessages, type SweepMessages } from './sweep-messages.ts';

/** What a function is given of the world it runs in: the machine's own, or the demo's. */
export interface World {
  readonly clock: Clock;
  /** The clock of those who keep the policy file, where it is not the jobs' own. */
  readonly ownersClock?: Clock;
  readonly random: Random;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** One line of the log, with its line end. */
  writeLine(line: string): void;
  /** How long an answer of the jobs API is waited for, where the clock is not the machine's. */
  readonly attemptTimeoutMs?: number;
}

/** A function, composed. */
export interface Runtime {
  readonly settings: Settings;
  /** Those of every verb; holds are of `purge` alone. */
  readonly ports: WatchPurgePorts;
  /** What work takes its calls from that gives way to all other. */
  readonly background: Background;
  /** How long the work of one message may take, from now on. */
  span(kind: 'entry' | 'sweep'): Span;
  readonly sweepMessages: SweepMessages;
  /** A new name for each sweep of this instance. */
  sweepId(): string;
}

/** What a function needs at the end of its time to record how far it came. */
const LAST_WORDS_MS = 10_000;
/** A claim outlives the function that won it by this. */
const LEASE_MARGIN_MS = 60_000;
/** A sweep answers this long before the next tick, so that the next one finds the lease free. */
const SWEEP_MARGIN_MS = 1_000;

/** What a function is made of that reaches beyond it. Worlds hand in their own. */
export interface Parts {
  jobsApi(settings: Settings, clock: Clock): JobsApi;
  /** @param onLoss told when what holds the ledger is lost while it is in use */
  store(settings: Settings, clock: Clock, onLoss: (loss: FileLoss) => void): LedgerStore;
  policyFile(settings: Settings, clock: Clock): OwnerFile;
  /** Of legal holds; undefined: none is named. Only `purge` opens it. */
  holdsFile(settings: Settings, clock: Clock): OwnerFile | undefined;
  publisher(settings: Settings, log: Log): AlertPublisher;
  sweepMessages(settings: Settings): SweepMessages;
}

/** The parts as they are in the cloud. */
export const GOOGLE_PARTS: Parts = {
  jobsApi: ({ bigqueryEndpoint, iamEndpoint, redactionKey }, clock) =>
    googleJobsApi({
      endpoint: bigqueryEndpoint,
      impersonator: googleImpersonator({ clock, endpoint: iamEndpoint }),
      redactionKey,
    }),
  store: ({ ledger, ownProject: projectId }, clock, onLoss) =>
    openStore(ledger, { clock, projectId, onLoss }),
  policyFile: (settings, clock) => ownerFile(settings.policies, settings, clock),
  holdsFile: (settings, clock) =>
    settings.holds === undefined ? undefined : ownerFile(settings.holds, settings, clock),
  publisher: ({ alertsTopic }, log) =>
    alertsTopic === undefined ? logPublisher(log) : pubsubPublisher(alertsTopic),
  sweepMessages: ({ sweepTopics }) => pubsubSweepMessages(sweepTopics),
};

function ownerFile(
  address: string,
  { storageEmulatorHost: emulatorHost }: Settings,
  clock: Clock,
): OwnerFile {
  return openOwnerFile(address, { clock, ...(emulatorHost !== undefined && { emulatorHost }) });
}

/**
 * The composition root of a function: settings, ledger, policy and clients, all of it before the port opens.
 *
 * @throws SettingsError, NoPolicyError, LedgerUnavailableError, OwnerFileAddressInvalid, BucketNameInvalid
 */
export async function openRuntime(verb: Verb, world: World, parts: Parts = GOOGLE_PARTS): Promise<Runtime> {
  const { clock, random, ownersClock = clock } = world;
  const settings = readSettings(world.environment);
  const log = openLog((line) => world.writeLine(line), clock, verb);
  const store = parts.store(settings, clock, (loss) => void tellLedgerLost(store.place, loss, shared));
  const ledger = openLedger(store, clock);
  const shared = { clock, log, verb, ledger, publisher: parts.publisher(settings, log) };
  const api = parts.jobsApi(settings, clock);
  const clientOf = (budget: Budget): JobsClient =>
    createJobsClient({
      api: settings.dryRun ? refuseApiWrites(api) : api,
      clock,
      random,
      budget,
      redactionKey: settings.redactionKey,
      log,
      ...(world.attemptTimeoutMs !== undefined && { attemptTimeoutMs: world.attemptTimeoutMs }),
    });
  const limits = shareOf(GOOGLE_LIMITS, settings.maxInstances);
  const budget = new CallBudget(clock, limits);
  const background = new BackgroundBudget(clock, limits, budget);
  const holdsFile = verb === 'purge' ? parts.holdsFile(settings, ownersClock) : undefined;
  const policies = await openPolicy(parts.policyFile(settings, ownersClock), shared);
  const holder = `${verb}-${random().toString(36).slice(2)}`;
  const { redactionKey } = settings;
  const acting = { jobs: clientOf(budget), policies, holder, leaseMs: leaseMsOf(settings) };
  const purging = { holds: openHolds(holdsFile, shared), judged: new JudgedBefore(clock) };
  const ports = { ...shared, ...acting, ...purging, random, redactionKey };
  let sweeps = 0;
  return {
    settings,
    ports,
    background: { jobs: clientOf(background), limitTo: (share) => background.limitTo(share) },
    sweepMessages: parts.sweepMessages(settings),
    span: (kind) => spanOf(kind, settings, clock.now()),
    sweepId: () => `${holder}/${++sweeps}`,
  };
}

/** How long a claim is its holder's: longer than the function can live. */
export function leaseMsOf({ timeoutMs }: Pick<Settings, 'timeoutMs'>): number {
  return timeoutMs + LEASE_MARGIN_MS;
}

/** What one message may take, from `nowMs` on. */
export function spanOf(
  kind: 'entry' | 'sweep',
  { timeoutMs, tickMs }: Pick<Settings, 'timeoutMs' | 'tickMs'>,
  nowMs: number,
): Span {
  const deadlineAtMs = nowMs + Math.max(timeoutMs - LAST_WORDS_MS, timeoutMs / 2);
  const holdMs = kind === 'sweep' ? Math.max(0, tickMs - SWEEP_MARGIN_MS) : tickMs;
  return { startedAtMs: nowMs, deadlineAtMs, horizonAtMs: Math.min(deadlineAtMs, nowMs + holdMs) };
}
