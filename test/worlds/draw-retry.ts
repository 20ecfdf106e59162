import type { JobScript } from '../../simulator/job-script.ts';
import type { InsertedLife } from '../../simulator/state.ts';
import { attemptName } from './attempt-name.ts';
import { drawAlike } from './draw-alike.ts';
import { drawError, drawFailures, type FailingJob } from './draw-failures.ts';
import type { HappeningsFrame } from './draw-happenings.ts';
import { drawRetries, withRedrawnRetry } from './draw-retry-policy.ts';
import { type FileVersion, type Happening, type RetryPlan, subjectOf, type WorldPlan } from './plan.ts';
import { writtenPolicy } from './policy-description.ts';
import { type Random, seeded } from './random.ts';
import type { RetryDescription } from './retry-description.ts';

const RETRY_WORLDS = 0.35;
const MOST_ATTEMPTS = 3;
/** So many failures at once put retries off. */
export const OUTAGE = 34;
const MARK_OF_RETRIES = 0x2c1b3c6d;
/** Draws of their own, too: the other failures of a world do not know of them. */
const MARK_OF_ALIKE = 0x51ed270b;

/**
 * The same world with jobs that fail and policies that have them run again, or the world as it is: draws of its own,
 * so that worlds without retries do not know of it.
 */
export function withRetries(plan: WorldPlan, frame: HappeningsFrame, isCalm: boolean): WorldPlan {
  const random = seeded(plan.seed ^ MARK_OF_RETRIES);
  if (!random.chance(RETRY_WORLDS)) return plan;
  const { projects, startMs, endMs } = frame;
  const sinceMs = startMs - 60_000;
  // Early enough that they are run again while the storm lasts.
  const untilMs = startMs + Math.floor((endMs - startMs) * 0.6);
  const failures = [
    ...drawFailures(random, { projects, sinceMs, untilMs }),
    ...(random.chance(0.12) ? drawOutage(random, frame) : []),
  ];
  const others = failures.flatMap((job) => drawOthers(random, job));
  const alikeRandom = seeded(plan.seed ^ MARK_OF_ALIKE);
  const alike = drawAlike(alikeRandom, { projects, sinceMs, untilMs });
  const roots = [...failures, ...others].filter(({ error }) => error !== undefined);
  const alikeRoots = [...alike.failures, ...alike.others].filter(({ error }) => error !== undefined);
  return {
    ...plan,
    jobs: [...plan.jobs, ...failures, ...others, ...alike.failures, ...alike.others],
    files: withRetryPolicies(plan.files, random),
    ...(!isCalm && { rates: { ...plan.rates, insertFault: random.chance(0.6) ? random.next() * 0.8 : 0 } }),
    happenings: isCalm ? [] : [...plan.happenings, ...drawMore(random, frame), ...alike.happenings],
    retry: {
      instances: random.int(1, 2),
      fates: { ...fatesOf(roots, random), ...fatesOf(alikeRoots, alikeRandom) },
    },
  };
}

/** Many jobs of one project fail at about the same time, with the same reason. */
function drawOutage(random: Random, { projects, startMs, endMs }: HappeningsFrame): FailingJob[] {
  const projectId = projects[random.int(0, projects.length - 1)] ?? 'shop-prod';
  const atMs = random.int(startMs, Math.max(startMs, endMs - 60_000));
  const error = { reason: random.pick(['backendError', 'rateLimitExceeded']), message: 'Try again' };
  return Array.from({ length: random.pick([8, OUTAGE]) }, (_, index) => ({
    projectId,
    location: 'US',
    jobId: `outage-${index}`,
    principal: 'etl-1@shop-prod.iam.gserviceaccount.com',
    query: `SELECT ${index} FROM sales.orders`,
    createdAtMs: atMs - random.int(1_000, 20_000),
    pendingMs: 0,
    runMs: 20_000 + random.int(0, 20_000),
    error,
    emitEntries: random.chance(0.8),
  }));
}

/** What others make of a job that fails: they send it again themselves, take its attempts' ids, or do almost the same. */
function drawOthers(random: Random, job: FailingJob): (JobScript & { jobId: string })[] {
  const failedAtMs = job.createdAtMs + job.pendingMs + job.runMs;
  const others: (JobScript & { jobId: string })[] = [];
  const add = (jobId: string, changed: Partial<JobScript>): void => {
    const { error: _, moreErrors: __, ...rest } = job;
    others.push({
      ...rest,
      jobId,
      createdAtMs: failedAtMs + random.int(200, 120_000),
      pendingMs: random.pick([0, 3_000, 30_000]),
      runMs: random.int(500, 90_000),
      ...(random.chance(0.4) && { error: drawError(random) }),
      ...changed,
    });
  };
  // A scheduler sends it again by itself, once or twice.
  if (random.chance(0.25)) add(`${job.jobId}-again`, { labels: { scheduled: 'again' } });
  if (random.chance(0.1)) add(`${job.jobId}-later`, {});
  // Somebody takes the id that an attempt of ours would have, before or after it is wanted.
  if (random.chance(0.15)) {
    add(attemptName(job, random.pick([1, 1, 2])), {
      createdAtMs: random.chance(0.3) ? job.createdAtMs : failedAtMs + random.int(0, 60_000),
      ...random.pick<Partial<JobScript>>([{ principal: 'ann@example.com' }, { query: 'SELECT 1' }, {}]),
    });
  }
  // An id that only looks like an attempt's, of a job that is there or of one that is not.
  if (random.chance(0.08)) add(`${random.pick(['', 'ghost-'])}${job.jobId}_wdr1_0123456789ab`, {});
  if (random.chance(0.1)) {
    const changed = random.pick<Partial<JobScript>>([
      { principal: 'etl-9@shop-prod.iam.gserviceaccount.com' },
      { query: 'SELECT 2', destinationUris: ['gs://example-bucket/other.csv'] },
    ]);
    add(`${job.jobId}-like`, changed);
  }
  return others;
}

function fatesOf(roots: readonly JobScript[], random: Random): RetryPlan['fates'] {
  return Object.fromEntries(roots.map((job) => [subjectOf(job), drawFates(random)]));
}

function drawFates(random: Random): InsertedLife[] {
  return Array.from({ length: MOST_ATTEMPTS }, () => ({
    pendingMs: random.pick([100, 100, 4_000, 20_000]),
    runMs: random.chance(0.1) ? random.int(100_000, 700_000) : random.int(500, 50_000),
    ...(random.chance(0.55) && { error: drawError(random) }),
    ...(random.chance(0.1) && { moreErrors: [drawError(random)] }),
    emitEntries: random.chance(0.8),
  }));
}

/** Each good version gets policies of this verb; from one to the next they stay, mostly. */
function withRetryPolicies(files: readonly FileVersion[], random: Random): FileVersion[] {
  let retries: readonly RetryDescription[] = drawRetries(random);
  return files.map((version, index) => {
    if (!version.description) return version;
    const file = { ...version.description, retries };
    const description = index > 0 && random.chance(0.4) ? withRedrawnRetry(file, random) : file;
    retries = description.retries ?? retries;
    return { ...version, text: writtenPolicy(description), description };
  });
}

/** What befalls retries most. */
function drawMore(random: Random, frame: HappeningsFrame): Happening[] {
  const { startMs, endMs } = frame;
  const isLost = random.chance(0.15);
  const lost: Happening = { atMs: random.int(startMs, endMs), kind: 'ledger-lost' };
  return [...drawUngranted(random, frame), ...drawLists(random, frame), ...(isLost ? [lost] : [])];
}

/** What the watchdog may not do for a while, or never again: act as an account, or run jobs in a project. */
function drawUngranted(random: Random, { startMs, endMs, projects }: HappeningsFrame): Happening[] {
  if (!random.chance(0.2)) return [];
  const account = random.pick([
    'etl-1@shop-prod.iam.gserviceaccount.com',
    'nightly@data-lake.iam.gserviceaccount.com',
  ]);
  const projectId = projects[random.int(0, projects.length - 1)] ?? 'shop-prod';
  const ungranted = random.pick<(Happening & { kind: 'ungranted' })['ungranted']>([
    { permissions: ['iam.serviceAccounts.getAccessToken'], account },
    { permissions: ['bigquery.jobs.create'], projectId },
    { missingAccount: account },
  ]);
  return [{ atMs: random.int(startMs, endMs), kind: 'ungranted', ungranted, forGood: random.chance(0.4) }];
}

/** A location that does not answer from the start on: nobody knows yet what runs there. */
function drawLists(random: Random, { startMs }: HappeningsFrame): Happening[] {
  if (!random.chance(0.12)) return [];
  return [{ atMs: startMs, kind: 'lists', stalenessMs: random.pick([0, 20_000]), unreachable: ['US'] }];
}
