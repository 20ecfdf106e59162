import type {
  BreakerDescription,
  FileDescription,
  LimitsDescription,
  PolicyDescription,
  SelectorDescription,
} from './policy-description.ts';
import type { Random } from './random.ts';

const GIB = 1_073_741_824;

/** Policies from a grammar whose meaning the oracle knows. */
export function drawFile(random: Random): FileDescription {
  const count = random.int(1, 4);
  return {
    mode: random.chance(0.85) ? 'enforce' : 'observe',
    ...(random.chance(0.6) && { breaker: drawBreaker(random) }),
    policies: Array.from({ length: count }, (_, index) => drawPolicy(random, `policy-${index + 1}`)),
  };
}

/** The same file with one thing changed, as owners do. */
export function redrawn(file: FileDescription, random: Random): FileDescription {
  const index = random.int(0, file.policies.length - 1);
  return {
    ...file,
    ...(random.chance(0.2) && { mode: file.mode === 'observe' ? 'enforce' : 'observe' }),
    policies: file.policies.map((policy, at) =>
      at === index ? { ...drawPolicy(random, policy.name), ...breakerOf(policy) } : policy,
    ),
  };
}

function breakerOf({ breaker }: PolicyDescription): { breaker?: BreakerDescription } {
  return breaker ? { breaker } : {};
}

function drawPolicy(random: Random, name: string): PolicyDescription {
  const limits = drawLimits(random);
  const match = drawMatch(random);
  const isBare = Object.keys(limits).length === 0;
  return {
    name,
    ...(random.chance(0.2) && { mode: random.pick(['enforce', 'observe']) }),
    action: random.chance(0.75) ? 'cancel' : 'alert',
    // Without a limit the match must narrow, or the file is refused.
    match: isBare ? { ...match, labels: { team: 'batch*' } } : match,
    except: random.chance(0.35) ? [drawExcept(random)] : [],
    limits,
    ...(!isBare && random.chance(0.5) && { warnAtPercent: random.pick([40, 50, 80]) }),
    ...(random.chance(0.25) && { breaker: drawBreaker(random) }),
  };
}

function drawLimits(random: Random): LimitsDescription {
  if (random.chance(0.1)) return {};
  const limits: LimitsDescription = {
    ...(random.chance(0.6) && { runtime: random.pick([20_000, 45_000, 60_500, 90_000, 150_000]) }),
    ...(random.chance(0.3) && { pending: random.pick([15_000, 40_000, 75_250]) }),
    ...(random.chance(0.25) && { slotTime: random.pick([60_000, 300_000, 1_200_000]) }),
    ...(random.chance(0.2) && { estimatedBytes: random.pick([GIB, 100 * GIB]) }),
  };
  return Object.keys(limits).length === 0 ? { runtime: 60_000 } : limits;
}

function drawMatch(random: Random): SelectorDescription {
  return {
    ...(random.chance(0.15) && { projects: [random.pick(['shop-*', '*:legacy-jobs', 'data-lake'])] }),
    ...(random.chance(0.15) && { locations: [random.pick(['US', 'eu', 'europe-west2'])] }),
    ...(random.chance(0.35) && {
      principals: [
        random.pick(['*', '*@example.com', 'etl-*', '*@*.iam.gserviceaccount.com', 'bigquery-adminbot@*']),
      ],
    }),
    ...(random.chance(0.15) && { labels: { team: random.pick(['batch', 'b*', '*']) } }),
    ...(random.chance(0.3) && {
      jobTypes: random.some(['QUERY', 'LOAD', 'COPY', 'EXTRACT'] as const, 0.6).concat('QUERY'),
    }),
    ...(random.chance(0.15) && { priority: random.pick(['INTERACTIVE', 'BATCH']) }),
    ...(random.chance(0.06) && { continuous: true as const }),
    ...(random.chance(0.06) && { dryRun: true as const }),
  };
}

function drawExcept(random: Random): SelectorDescription {
  return random.pick<SelectorDescription>([
    { principals: ['ONCALL@example.com'] },
    { principals: ['oncall@example.com', 'etl-1@*'], labels: { watchdog: 'exempt' } },
    { labels: { watchdog: 'exempt' } },
    { jobTypes: ['LOAD', 'EXTRACT'] },
    { priority: 'BATCH' },
    { locations: ['EU'] },
  ]);
}

function drawBreaker(random: Random): BreakerDescription {
  return {
    acts: random.pick([1, 2, 3, 10, 50]),
    perMs: random.pick([60_000, 180_000, 3_600_000]),
    sharePercent: random.pick([20, 40, 100, 100]),
  };
}
