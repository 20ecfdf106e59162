import { drawExcept, drawMatch } from './draw-selector.ts';
import { CUSTOMER_ID } from './planted.ts';
import type { FileDescription } from './policy-description.ts';
import type { PurgeDescription, SensitiveDescription } from './purge-description.ts';
import type { Random } from './random.ts';
import type { BreakerDescription } from './selector-description.ts';

const SECOND_MS = 1_000;

export function drawPurges(random: Random): PurgeDescription[] {
  return Array.from({ length: random.pick([1, 1, 2, 3]) }, (_, index) =>
    drawPurge(random, `gone-${index + 1}`),
  );
}

/** The same file with one of its policies changed, as owners do. */
export function withRedrawnPurge(file: FileDescription, random: Random): FileDescription {
  const { purges = [] } = file;
  const index = random.int(0, purges.length - 1);
  return {
    ...file,
    purges: purges.map((policy, at) =>
      at === index
        ? { ...drawPurge(random, policy.name), ...(policy.breaker && { breaker: policy.breaker }) }
        : policy,
    ),
  };
}

function drawPurge(random: Random, name: string): PurgeDescription {
  // Mostly short: what is due while the storm lasts meets its faults.
  const afterMs = random.pick([0, 0, 0, 5, 5, 30, 90, 900, undefined]);
  const afterFailureMs = random.pick([0, 0, 5, 40, 120, 7_200, undefined]);
  return {
    name,
    ...(random.chance(0.15) && { mode: random.pick(['enforce', 'enforce', 'observe']) }),
    match: random.chance(0.5) ? {} : drawMatch(random),
    except: random.chance(0.3) ? [drawExcept(random)] : [],
    sensitive: drawSensitive(random),
    ...(afterMs !== undefined && { afterMs: afterMs * SECOND_MS }),
    ...(afterFailureMs !== undefined && { afterFailureMs: afterFailureMs * SECOND_MS }),
    ...(random.chance(0.3) && { breaker: drawBreaker(random) }),
  };
}

function drawSensitive(random: Random): SensitiveDescription {
  const detectors = random.some(['credentials', 'creditCard', 'iban', 'usSsn', 'email'], 0.6);
  const sensitive: SensitiveDescription = {
    ...(random.chance(0.75) && detectors.length > 0 && { detectors }),
    ...(random.chance(0.3) && { patterns: { customerId: CUSTOMER_ID } }),
    ...(random.chance(0.25) && {
      labels: random.pick<Readonly<Record<string, string>>>([
        { sensitivity: 'restricted' },
        { sensitivity: '*' },
        { sensitivity: 'rest*', team: 'b*' },
      ]),
    }),
    ...(random.chance(0.2) && { principals: [random.pick(['*@hr.example.com', 'ann@*', 'etl-2@*'])] }),
    ...(random.chance(0.25) && { datasets: [random.pick(['hr', 'h*', 'data-lake.hr', '*.reports'])] }),
    ...(random.chance(0.2) && { tables: [random.pick(['hr.*', 'shop-prod.hr.people', '*.salaries'])] }),
  };
  return Object.keys(sensitive).length === 0 ? { detectors: ['credentials', 'creditCard'] } : sensitive;
}

function drawBreaker(random: Random): BreakerDescription {
  return {
    acts: random.pick([1, 2, 5, 50]),
    perMs: random.pick([60_000, 600_000, 3_600_000]),
    sharePercent: 20,
  };
}
