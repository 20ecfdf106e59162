import { drawHappenings } from './draw-happenings.ts';
import { drawJobs } from './draw-jobs.ts';
import { drawFile, redrawn } from './draw-policy.ts';
import { withPurges } from './draw-purge.ts';
import { withRetries } from './draw-retry.ts';
import type { FileVersion, Rates, WorldPlan } from './plan.ts';
import { writtenPolicy } from './policy-description.ts';
import { type Random, seeded } from './random.ts';

const BEGINNING_MS = Date.UTC(2026, 8, 1, 6);
const HOUR_MS = 3_600_000;

export const CALM: Rates = {
  apiFault: 0,
  insertFault: 0,
  deleteFault: 0,
  ledgerFault: 0,
  publisherFault: 0,
  fileFault: 0,
  eventLost: 0,
  messageDoubled: 0,
  messageLate: 0,
  forged: 0,
  crash: 0,
  freeze: 0,
  latencyMs: 30,
};

type CallsPlan = Pick<WorldPlan, 'pagesShift' | 'pageTokenLifetimeMs' | 'slowPageMs' | 'quotas'>;

export const CALM_CALLS: CallsPlan = {
  pagesShift: false,
  pageTokenLifetimeMs: Number.POSITIVE_INFINITY,
  slowPageMs: 0,
  quotas: {},
};

export function drawWorld(seed: number): WorldPlan {
  const random = seeded(seed);
  const startMs = BEGINNING_MS + random.int(0, HOUR_MS);
  const tickMs = random.pick([20_000, 30_000, 60_000]);
  const stormyTicks = random.int(3, 7);
  const endMs = startMs + stormyTicks * tickMs;
  const projects = drawProjects(random);
  const isCalm = random.chance(0.15);
  const hasBacklog = random.chance(isCalm ? 0.5 : 0.15);
  const plan: WorldPlan = {
    seed,
    startMs,
    projects,
    tickMs,
    timeoutMs: random.pick([60_000, 90_000, 150_000]),
    stormyTicks,
    instances: random.int(1, 3),
    dryRun: random.chance(0.03),
    jobs: drawJobs(random, {
      projects,
      sinceMs: startMs - (hasBacklog ? 400_000 : 60_000),
      untilMs: hasBacklog ? startMs + tickMs : endMs,
    }),
    files: drawFiles(random, startMs, endMs, isCalm),
    rates: isCalm ? CALM : drawRates(random),
    happenings: isCalm ? [] : drawHappenings(random, { startMs, endMs, projects }),
    sweepTopics: random.chance(0.8),
    auditFormats: random.pick(['newer', 'newer', 'newer', 'older', 'both']),
    ...drawPages(random, isCalm),
  };
  const frame = { startMs, endMs, projects };
  return withPurges(withRetries(plan, frame, isCalm), plan.jobs, frame, isCalm);
}

function drawProjects(random: Random): string[] {
  const some = random.some(['shop-prod', 'example.com:legacy-jobs', 'data-lake'], 0.55);
  return some.length === 0 ? ['shop-prod'] : some;
}

function drawFiles(random: Random, startMs: number, endMs: number, isCalm: boolean): FileVersion[] {
  const first = drawFile(random);
  const files: FileVersion[] = [versionOf(startMs - HOUR_MS, first)];
  if (isCalm || random.chance(0.5)) return files;
  let last = first;
  for (let atMs = startMs; files.length < 4; ) {
    atMs += random.int(5_000, 100_000);
    if (atMs >= endMs) break;
    if (random.chance(0.35)) {
      files.push({ fromMs: atMs, text: drawBroken(random, last) });
      continue;
    }
    last = random.chance(0.3) ? first : redrawn(last, random);
    files.push(versionOf(atMs, last));
  }
  return files;
}

function versionOf(fromMs: number, description: FileVersion['description'] & object): FileVersion {
  return { fromMs, text: writtenPolicy(description), description };
}

function drawBroken(random: Random, last: FileVersion['description'] & object): string {
  const good = writtenPolicy(last);
  return random.pick([
    '',
    'policies: [',
    good.replace('"action"', '"acton"'),
    good.replace('version: 1', 'version: 2'),
    `${good.slice(0, Math.floor(good.length / 2))}\n  - {`,
  ]);
}

function drawRates(random: Random): Rates {
  const rate = (most: number): number => (random.chance(0.45) ? 0 : random.next() * most);
  return {
    apiFault: rate(0.3),
    insertFault: 0,
    deleteFault: 0,
    ledgerFault: rate(0.06),
    publisherFault: rate(0.4),
    fileFault: rate(0.1),
    eventLost: rate(0.6),
    messageDoubled: rate(0.4),
    messageLate: rate(0.4),
    forged: rate(0.5),
    crash: rate(0.012),
    freeze: rate(0.004),
    latencyMs: random.pick([0, 20, 200, 2_000]),
  };
}

/** Where pages are slow they are short too, so that some sweeps do not come to the last one. */
function drawPages(random: Random, isCalm: boolean): CallsPlan & Pick<WorldPlan, 'jobsPerPage'> {
  const jobsPerPage = random.chance(0.6) ? Number.POSITIVE_INFINITY : random.pick([1, 2, 3, 5]);
  const calls = isCalm ? CALM_CALLS : drawCalls(random);
  return { ...calls, jobsPerPage: calls.slowPageMs > 0 ? Math.min(jobsPerPage, 2) : jobsPerPage };
}

function drawCalls(random: Random): CallsPlan {
  return {
    pagesShift: random.chance(0.3),
    pageTokenLifetimeMs: random.chance(0.12) ? random.pick([100, 1_500]) : Number.POSITIVE_INFINITY,
    slowPageMs: random.chance(0.2) ? random.pick([6_000, 14_000]) : 0,
    quotas: random.chance(0.12)
      ? { requestsPerSecond: random.int(1, 6), concurrentRequests: random.int(2, 8) }
      : {},
  };
}
