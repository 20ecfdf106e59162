import type { FileDescription } from './policy-description.ts';
import type { Random } from './random.ts';
import type { BackoffDescription, GuardsDescription, RetryDescription } from './retry-description.ts';
import type { BreakerDescription, SelectorDescription } from './selector-description.ts';

const NAMED_REASONS = [
  'backendError',
  'internalError',
  'rateLimitExceeded',
  'tableUnavailable',
  'quotaExceeded',
  'resourcesExceeded',
  'timeout',
  'badRequest',
] as const;

const SECOND_MS = 1_000;

export function drawRetries(random: Random): RetryDescription[] {
  return Array.from({ length: random.pick([1, 1, 2, 3]) }, (_, index) =>
    drawRetry(random, `again-${index + 1}`),
  );
}

/** The same file with one of its policies changed, as owners do. */
export function withRedrawnRetry(file: FileDescription, random: Random): FileDescription {
  const { retries = [] } = file;
  const index = random.int(0, retries.length - 1);
  return {
    ...file,
    retries: retries.map((policy, at) =>
      at === index
        ? { ...drawRetry(random, policy.name), ...(policy.breaker && { breaker: policy.breaker }) }
        : policy,
    ),
  };
}

function drawRetry(random: Random, name: string): RetryDescription {
  return {
    name,
    ...(random.chance(0.15) && { mode: random.pick(['enforce', 'enforce', 'observe']) }),
    match: drawMatch(random),
    except: random.chance(0.25) ? [drawExcept(random)] : [],
    ...(random.chance(0.3) && { reasons: drawReasons(random) }),
    ...(random.chance(0.75) && { attempts: random.int(1, 3) }),
    backoff: drawBackoff(random),
    deadlineMs: random.pick([90, 300, 600, 1_800]) * SECOND_MS,
    ...(random.chance(0.4) && { repeatsWrites: true as const }),
    ...(random.chance(0.3) && { guards: drawGuards(random) }),
    ...(random.chance(0.35) && {
      caps: {
        ...(random.chance(0.6) && { perProject: random.pick([1, 2, 4, 10]) }),
        ...(random.chance(0.6) && { perPrincipal: random.pick([1, 2, 4]) }),
      },
    }),
    ...(random.chance(0.3) && { breaker: drawBreaker(random) }),
  };
}

/** Most name accounts; a lone `*` and patterns that take any account name none. */
function drawMatch(random: Random): SelectorDescription {
  return {
    principals: random.pick<readonly string[]>([
      ['etl-*@shop-prod.iam.gserviceaccount.com'],
      ['*@shop-prod.iam.gserviceaccount.com', 'nightly@data-lake.*'],
      ['ETL-1@*', '*@developer.gserviceaccount.com', 'nightly@*', 'etl-2@*'],
      ['ETL-1@*', '*@developer.gserviceaccount.com', 'nightly@*', 'etl-2@*'],
      ['*@shop-prod.iam.gserviceaccount.com', '*@data-lake.iam.gserviceaccount.com', '*-compute@*'],
      ['*@shop-prod.iam.gserviceaccount.com', '*@data-lake.iam.gserviceaccount.com', '*-compute@*'],
      ['*'],
      ['*@*.iam.gserviceaccount.com'],
      ['*@example.com', 'etl-1@*', 'service-123456@*'],
    ]),
    ...(random.chance(0.1) && { projects: [random.pick(['shop-*', 'data-lake', '*'])] }),
    ...(random.chance(0.1) && { locations: [random.pick(['US', 'eu'])] }),
    ...(random.chance(0.2) && { jobTypes: random.pick([['QUERY'], ['QUERY', 'LOAD'], ['COPY', 'EXTRACT']]) }),
    ...(random.chance(0.08) && { statementTypes: random.pick([['SELECT'], ['SELECT', 'MERGE', 'INSERT']]) }),
    ...(random.chance(0.08) && { labels: { team: random.pick(['b*', '*']) } }),
    ...(random.chance(0.05) && { priority: random.pick(['INTERACTIVE', 'BATCH']) }),
  };
}

function drawExcept(random: Random): SelectorDescription {
  return random.pick<SelectorDescription>([
    { principals: ['etl-2@*'] },
    { labels: { watchdog: 'exempt' } },
    { jobTypes: ['LOAD', 'COPY'] },
    { locations: ['EU'] },
    { statementTypes: ['MERGE', 'INSERT'] },
    { destinationTables: ['reports.*'] },
  ]);
}

function drawReasons(random: Random): readonly string[] {
  const some = random.some(NAMED_REASONS, 0.65);
  return some.length === 0 ? ['backendError'] : some;
}

function drawBackoff(random: Random): BackoffDescription {
  const initialMs = random.pick([2_000, 15_000, 45_000]);
  return {
    initialMs,
    factor: random.pick([1, 1.5, 2, 4]),
    maxMs: initialMs * random.pick([1, 2, 5]),
  };
}

function drawGuards(random: Random): GuardsDescription {
  return {
    ...(random.chance(0.5) && { jobTimeoutMs: random.pick([30_000, 300_000]) }),
    ...(random.chance(0.3) && { maximumBytesBilled: 2 ** 30 }),
    ...(random.chance(0.3) && { priority: 'BATCH' as const }),
    ...(random.chance(0.4) && { labels: { team: 'retries', again: 'yes' } }),
  };
}

function drawBreaker(random: Random): BreakerDescription {
  return {
    acts: random.pick([1, 2, 5, 50, 50]),
    perMs: random.pick([60_000, 600_000, 3_600_000]),
    sharePercent: 20,
  };
}
