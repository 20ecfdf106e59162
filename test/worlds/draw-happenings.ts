import type { Happening, WithheldPermissions } from './plan.ts';
import type { Random } from './random.ts';

const HOUR_MS = 3_600_000;

/** Within what is accepted, just so, and beyond. */
const OFFSETS_MS = [
  5_000,
  -12_000,
  25_000,
  -28_000,
  45_000,
  -90_000,
  HOUR_MS,
  -HOUR_MS,
  40 * 24 * HOUR_MS,
] as const;

export interface HappeningsFrame {
  readonly startMs: number;
  readonly endMs: number;
  readonly projects: readonly string[];
}

/** What befalls a world while its storm lasts, in the order of time. */
export function drawHappenings(random: Random, { startMs, endMs, projects }: HappeningsFrame): Happening[] {
  const when = (): number => random.int(startMs, endMs);
  const happenings: Happening[] = [];
  if (random.chance(0.15)) happenings.push({ atMs: when(), kind: 'ledger-lost' });
  if (random.chance(0.15))
    happenings.push({ atMs: when(), kind: 'ledger-out', forMs: random.int(5_000, 90_000) });
  if (random.chance(0.3)) happenings.push({ atMs: when(), kind: 'breakers-reset' });
  if (random.chance(0.2)) happenings.push({ atMs: when(), kind: 'person-cancels' });
  for (let left = random.int(0, 3); left > 0; left--) happenings.push({ atMs: when(), kind: 'garbage' });
  if (random.chance(0.3)) {
    const atMs = random.chance(0.3) ? startMs : when();
    happenings.push({ atMs, kind: 'clock-set', slot: random.int(0, 2), offsetMs: random.pick(OFFSETS_MS) });
  }
  if (random.chance(0.25)) {
    const unreachable = random.some(['EU', 'europe-west2'], 0.5);
    const stalenessMs = random.pick([0, 5_000, 40_000]);
    happenings.push({ atMs: when(), kind: 'lists', stalenessMs, unreachable });
  }
  if (random.chance(0.12)) {
    const forMs = random.chance(0.2) ? Number.POSITIVE_INFINITY : random.int(3_000, 100_000);
    happenings.push({ atMs: when(), kind: 'person-stops', forMs });
  }
  if (random.chance(0.15)) {
    const atMs = random.chance(0.5) ? startMs : when();
    happenings.push({ atMs, kind: 'withheld', withheld: drawWithheld(random, projects) });
  }
  return happenings.toSorted((a, b) => a.atMs - b.atMs);
}

/** Jobs of a list are redacted where only `listAll` is lacking: `jobs.get` tells. */
function drawWithheld(random: Random, projects: readonly string[]): WithheldPermissions {
  return {
    projectId: projects[random.int(0, projects.length - 1)] ?? 'shop-prod',
    permissions: random.pick<WithheldPermissions['permissions']>([
      ['bigquery.jobs.list', 'bigquery.jobs.listAll'],
      ['bigquery.jobs.listAll'],
      ['bigquery.jobs.get'],
      ['bigquery.jobs.update'],
    ]),
    forGood: random.chance(0.4),
  };
}
