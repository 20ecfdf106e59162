import type { HappeningsFrame } from './draw-happenings.ts';
import { drawMatch } from './draw-selector.ts';
import { type HoldDescription, type HoldsVersion, writtenHolds } from './holds-description.ts';
import type { Random } from './random.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface HoldsFrame extends HappeningsFrame {
  /** By their names. */
  readonly jobs: readonly string[];
}

/** The owner's holds file as it changes: holds come and go, and sometimes nobody can read it. */
export function drawHolds(random: Random, frame: HoldsFrame, isCalm: boolean): readonly HoldsVersion[] {
  const { startMs, endMs } = frame;
  const versions = [versionOf(startMs - HOUR_MS, drawFile(random, frame))];
  if (isCalm || random.chance(0.4)) return versions;
  for (let atMs = startMs; versions.length < 4; ) {
    atMs += random.int(5_000, 120_000);
    if (atMs >= endMs) break;
    versions.push(random.chance(0.3) ? drawBroken(random, atMs) : versionOf(atMs, drawFile(random, frame)));
  }
  return versions;
}

function versionOf(fromMs: number, description: readonly HoldDescription[]): HoldsVersion {
  return { fromMs, text: writtenHolds(description), description };
}

function drawBroken(random: Random, fromMs: number): HoldsVersion {
  const text = random.pick([
    undefined,
    '',
    'holds: [',
    'version: 1\nholds:\n  - id: a\n    reason: b\n    match: {}\n',
  ]);
  return { fromMs, ...(text !== undefined && { text }) };
}

function drawFile(random: Random, frame: HoldsFrame): HoldDescription[] {
  return Array.from({ length: random.pick([0, 1, 1, 2, 3]) }, (_, index) =>
    drawHold(random, frame, `case-${index + 1}`),
  );
}

function drawHold(random: Random, frame: HoldsFrame, id: string): HoldDescription {
  const { startMs, endMs } = frame;
  const untilMs = random.pick<HoldDescription['untilMs']>([
    'indefinite',
    startMs - 1_000,
    random.int(startMs, endMs),
    random.int(startMs, endMs) + 300_000,
    startMs + 3 * DAY_MS,
  ]);
  return { id, untilMs, ...drawTaken(random, frame) };
}

function drawTaken(
  random: Random,
  { jobs, startMs, endMs }: HoldsFrame,
): Pick<HoldDescription, 'jobs' | 'created' | 'match'> {
  const [first = 'shop-prod:US.none', ...others] = jobs;
  if (random.chance(0.5)) {
    const named = Array.from({ length: random.int(1, 3) }, () => random.pick([first, ...others]));
    const anywhere = named.map((name) => (random.chance(0.2) ? withoutLocation(name) : name));
    return { jobs: anywhere, match: random.chance(0.2) ? drawMatch(random) : {} };
  }
  if (random.chance(0.5)) {
    const fromMs = random.int(startMs - 60_000, endMs);
    const created = random.pick<HoldDescription['created'] & object>([
      { fromMs },
      { toMs: fromMs },
      { fromMs, toMs: fromMs + 60_000 },
    ]);
    return { created, match: {} };
  }
  const match = drawMatch(random);
  return { match: Object.keys(match).length === 0 ? { principals: ['ann@*'] } : match };
}

/** `project:id`; ids of worlds have no dots. */
function withoutLocation(name: string): string {
  return `${name.slice(0, name.lastIndexOf(':'))}:${name.slice(name.lastIndexOf('.') + 1)}`;
}
