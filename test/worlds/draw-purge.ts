import type { ChildScript, JobScript } from '../../simulator/job-script.ts';
import type { InsertedLife } from '../../simulator/state.ts';
import type { HappeningsFrame } from './draw-happenings.ts';
import { drawHolds } from './draw-holds.ts';
import { drawPurges, withRedrawnPurge } from './draw-purge-policy.ts';
import { drawCharge, MARKER, TABLES } from './draw-query.ts';
import { type FileVersion, type Happening, type RetryPlan, subjectOf, type WorldPlan } from './plan.ts';
import { Planter } from './planted.ts';
import { writtenPolicy } from './policy-description.ts';
import type { PurgeDescription } from './purge-description.ts';
import { type Random, seeded } from './random.ts';

/** Where retries and purges meet, most can go wrong. */
const PURGE_WORLDS = 0.14;
const PURGE_WORLDS_WITH_RETRIES = 0.35;
const MARK_OF_PURGES = 0x7f4a7c15;

/**
 * The same world with secrets in its jobs and policies that have them purged, or the world as it is: draws of its own,
 * so that worlds without purges do not know of it.
 *
 * @param plan with its retries, if there are any; `base` are the jobs that it had without them
 */
export function withPurges(
  plan: WorldPlan,
  base: readonly JobScript[],
  frame: HappeningsFrame,
  isCalm: boolean,
): WorldPlan {
  const random = seeded(plan.seed ^ MARK_OF_PURGES);
  if (!random.chance(plan.retry ? PURGE_WORLDS_WITH_RETRIES : PURGE_WORLDS)) return plan;
  const planter = new Planter(random.fork());
  const isBase = new Set(base);
  const more = drawMoreJobs(random, frame);
  const likes = new Map<string, Partial<JobScript>>();
  const jobs = [...plan.jobs, ...more].map((job) =>
    plant(settled(job), isBase.has(job) || more.includes(job) ? undefined : likes, planter, random),
  );
  const names = jobs.map(subjectOf);
  return {
    ...plan,
    jobs,
    files: withPurgePolicies(plan.files, random),
    ...(!isCalm && {
      rates: { ...plan.rates, deleteFault: random.chance(0.75) ? 0.3 + random.next() * 0.6 : 0 },
    }),
    happenings: isCalm ? [] : [...plan.happenings, ...drawMore(random, frame)],
    ...(plan.retry && { retry: withPlantedFates(plan.retry, planter, random) }),
    purge: {
      instances: random.int(1, 2),
      planted: planter.planted,
      ...(random.chance(0.65) && { holds: drawHolds(random, { ...frame, jobs: names }, isCalm) }),
      holdsStayBroken: random.chance(0.2),
    },
  };
}

/** Jobs that end while the storm lasts, some with children. */
function drawMoreJobs(random: Random, { projects, startMs, endMs }: HappeningsFrame): JobScript[] {
  return Array.from({ length: random.int(3, 9) }, (_, index): JobScript => {
    const hasChildren = random.chance(0.25);
    const location = random.pick(['US', 'EU', 'europe-west2']);
    return {
      projectId: projects[random.int(0, projects.length - 1)] ?? 'shop-prod',
      location,
      jobId: `${random.pick(['job_', 'script_job_', 'bquxjob_'])}p${index}_${random.int(0, 1e6)}`,
      principal: random.pick(PRINCIPALS),
      type: 'QUERY',
      query: `SELECT '${MARKER}' FROM sales.orders`,
      priority: random.pick(['INTERACTIVE', 'BATCH']),
      referencedTables: random.some(TABLES, 0.3),
      createdAtMs: random.int(startMs - 60_000, Math.round((startMs + endMs) / 2)),
      pendingMs: random.pick([0, 0, 4_000]),
      labels: {
        ...(random.chance(0.25) && { sensitivity: random.pick(['restricted', 'none']) }),
        ...(random.chance(0.3) && { team: random.pick(['batch', 'web']) }),
        ...(random.chance(0.1) && { watchdog: 'exempt' }),
      },
      ...(random.chance(0.15) && { error: { reason: 'invalidQuery', message: `It broke at "${MARKER}"` } }),
      ...drawCharge(random, 'QUERY', location),
      ...(hasChildren
        ? { statementType: 'SCRIPT', children: drawChildren(random) }
        : { runMs: random.int(500, 30_000) }),
      emitEntries: random.chance(0.85),
    };
  });
}

const PRINCIPALS = [
  'ann@example.com',
  'joe@hr.example.com',
  'oncall@example.com',
  'etl-2@shop-prod.iam.gserviceaccount.com',
  'bigquery-adminbot@system.gserviceaccount.com',
] as const;

function drawChildren(random: Random): ChildScript[] {
  return Array.from({ length: random.int(1, 3) }, () => ({
    query: `SELECT '${MARKER}'`,
    runMs: random.int(500, 10_000),
    referencedTables: random.some(TABLES, 0.15),
    ...(random.chance(0.1) && { labels: { sensitivity: 'restricted' } }),
    ...(random.chance(0.15) && {
      // Only purges know of children of children.
      children: [{ query: `SELECT '${MARKER}'`, runMs: 500, emitEntries: false }],
    }),
  }));
}

/** BigQuery tells all of what ended, nothing comes late, and no child outlives its parent. */
function settled({ lateFields: _, runMs, ...job }: JobScript): JobScript {
  if (runMs === undefined || (job.children && Number.isFinite(runMs))) return job;
  return { ...job, runMs };
}

/**
 * Hides something in some jobs, wherever users write.
 *
 * @param likes jobs that do the same go on doing the same: what was hidden in the first of them
 */
function plant(
  job: JobScript,
  likes: Map<string, Partial<JobScript>> | undefined,
  planter: Planter,
  random: Random,
): JobScript {
  const work = JSON.stringify([
    job.type,
    job.query,
    job.destinationTable,
    job.destinationUris,
    job.projectId,
  ]);
  const same = likes?.get(work);
  const inWork = same ?? drawInWork(job, planter, random);
  likes?.set(work, inWork);
  return { ...job, ...inWork, ...drawInJob(job, planter, random) };
}

function drawInWork(job: JobScript, planter: Planter, random: Random): Partial<JobScript> {
  const { type = 'QUERY', query = '', configuration } = job;
  if (!random.chance(0.3)) return {};
  if (type === 'LOAD') {
    return {
      configuration: { ...configuration, destinationTableProperties: { description: planter.text() } },
    };
  }
  if (type !== 'QUERY') return {};
  if (random.chance(0.7)) return { query: `${query} /* ${planter.text()} */` };
  const parameter = {
    name: 'who',
    parameterType: { type: 'STRING' },
    parameterValue: { value: planter.text() },
  };
  return { configuration: { ...configuration, parameterMode: 'NAMED', queryParameters: [parameter] } };
}

function drawInJob(
  { labels, error, children }: JobScript,
  planter: Planter,
  random: Random,
): Partial<JobScript> {
  return {
    ...(random.chance(0.1) && { labels: { ...labels, ...planter.labels() } }),
    ...(error && random.chance(0.15) && { error: withText(error, planter) }),
    ...(children && {
      children: children.map((child) =>
        random.chance(0.25) ? { ...child, query: `${child.query ?? ''} /* ${planter.text()} */` } : child,
      ),
    }),
  };
}

function withText<E extends { readonly message: string }>(error: E, planter: Planter): E {
  return { ...error, message: `${error.message}, near ${planter.text()}` };
}

function withPlantedFates({ fates, ...retry }: RetryPlan, planter: Planter, random: Random): RetryPlan {
  const planted = (life: InsertedLife): InsertedLife =>
    life.error && random.chance(0.2) ? { ...life, error: withText(life.error, planter) } : life;
  return {
    ...retry,
    fates: Object.fromEntries(Object.entries(fates).map(([name, lives]) => [name, lives.map(planted)])),
  };
}

/** Each good version gets policies of this verb; from one to the next they stay, mostly. */
function withPurgePolicies(files: readonly FileVersion[], random: Random): FileVersion[] {
  let purges: readonly PurgeDescription[] = drawPurges(random);
  return files.map((version, index) => {
    if (!version.description) return version;
    const file = { ...version.description, purges };
    const description = index > 0 && random.chance(0.3) ? withRedrawnPurge(file, random) : file;
    purges = description.purges ?? purges;
    return { ...version, text: writtenPolicy(description), description };
  });
}

/** What befalls purges most. */
function drawMore(random: Random, { startMs, endMs, projects }: HappeningsFrame): Happening[] {
  const when = (): number => random.int(startMs, endMs);
  const happenings: Happening[] = [];
  if (random.chance(0.25)) happenings.push({ atMs: when(), kind: 'person-deletes' });
  if (random.chance(0.12)) {
    const projectId = projects[random.int(0, projects.length - 1)] ?? 'shop-prod';
    const permissions: ['bigquery.jobs.delete'] = ['bigquery.jobs.delete'];
    const withheld = { projectId, permissions, forGood: random.chance(0.3) };
    happenings.push({ atMs: when(), kind: 'withheld', withheld });
  }
  return happenings;
}
