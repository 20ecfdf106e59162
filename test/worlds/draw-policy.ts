import { drawExcept, drawMatch } from './draw-selector.ts';
import type {
  FileDescription,
  LimitsDescription,
  PolicyDescription,
  PricingDescription,
} from './policy-description.ts';
import type { Random } from './random.ts';
import type { BreakerDescription } from './selector-description.ts';

const GIB = 1_073_741_824;

/** Of some locations, in some letters, and not every price. */
const PRICINGS: readonly [PricingDescription, ...PricingDescription[]] = [
  { us: { usdPerTiB: 10 } },
  { EU: { usdPerSlotHour: { ENTERPRISE: 0.2 } }, 'europe-west9': { usdPerTiB: 7 } },
  { 'europe-west9': { usdPerSlotHour: { STANDARD: 0.05, ENTERPRISE_PLUS: 0.13 } } },
];

/** Policies from a grammar whose meaning the oracle knows. */
export function drawFile(random: Random): FileDescription {
  const count = random.int(1, 4);
  return {
    mode: random.chance(0.85) ? 'enforce' : 'observe',
    ...(random.chance(0.6) && { breaker: drawBreaker(random) }),
    ...(random.chance(0.3) && { pricing: random.pick(PRICINGS) }),
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
    // Nothing is cancelled by a projection: such a file is refused.
    action: limits.projectedCost === undefined && random.chance(0.75) ? 'cancel' : 'alert',
    // Without a limit the match must narrow, or the file is refused.
    match: isBare ? { ...match, labels: { team: 'batch*' } } : match,
    except: random.chance(0.35) ? [drawExcept(random)] : [],
    limits,
    ...(limits.cost !== undefined && random.chance(0.6) && { byEstimate: true as const }),
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
    ...(random.chance(0.12) && { averageSlots: random.pick([3, 5, 20, 50]) }),
    ...(random.chance(0.12) && { processedBytes: random.pick([GIB / 16, GIB]) }),
    ...(random.chance(0.25) && { cost: random.pick([0.002, 0.02, 0.1, 0.5]) }),
    ...(random.chance(0.08) && { projectedCost: random.pick([0.45, 2.1]) }),
  };
  return Object.keys(limits).length === 0 ? { runtime: 60_000 } : limits;
}

function drawBreaker(random: Random): BreakerDescription {
  return {
    acts: random.pick([1, 2, 3, 10, 50]),
    perMs: random.pick([60_000, 180_000, 3_600_000]),
    sharePercent: random.pick([20, 40, 100, 100]),
  };
}
