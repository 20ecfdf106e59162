import { canonicalLocation, type JobName } from '../job/job-name.ts';
import { jsonAt } from '../retry/json.ts';
import { NotFoundError, TooManyChildrenError, UnavailableError } from './errors.ts';
import type { CallOptions, JobsPage, JobsReader, RawLook } from './jobs-client.ts';
import { printJobsOf } from './rest-request.ts';

/** How many descendants of one job are looked at. Their names must fit into one document of the ledger. */
export const MOST_CHILDREN = 5_000;

/** So many are got at once: a family must not take the turns of all others. */
const AT_ONCE = 8;

/**
 * All children of a job and theirs, each whole: from all pages of each list. One that is gone by the time it is got
 * is left away. `jobs.list` takes no location beside `parentJobId`, so jobs of another one than the parent's are
 * left out [discovery document: jobs.list].
 *
 * Throws what list and get throw, `UnavailableError` for a list that may lack one, and `TooManyChildrenError`.
 */
export async function childrenOf(
  parent: JobName,
  jobs: Pick<JobsReader, 'list' | 'getWhole'>,
  options: CallOptions,
): Promise<readonly RawLook[]> {
  const found: RawLook[] = [];
  const known = new Set([parent.jobId]);
  const parents = [parent];
  for (let next = parents.shift(); next !== undefined; next = parents.shift()) {
    const names = (await namesOf(next, jobs, options)).filter(({ jobId }) => !known.has(jobId));
    for (const { jobId } of names) known.add(jobId);
    if (known.size - 1 > MOST_CHILDREN) throw new TooManyChildrenError(parent, MOST_CHILDREN);
    const looks = await getEach(names, jobs, options);
    found.push(...looks);
    parents.push(...looks.filter((look) => childrenToldBy(look) > 0).map(({ job }) => job.name));
  }
  return found;
}

async function namesOf(
  parent: JobName,
  jobs: Pick<JobsReader, 'list'>,
  options: CallOptions,
): Promise<readonly JobName[]> {
  const { projectId, jobId: parentJobId } = parent;
  const names: JobName[] = [];
  for await (const page of jobs.list({ projectId, states: [], parentJobId }, options)) {
    const lack = lackOf(page, parent);
    if (lack !== undefined) {
      const call = { method: 'list', target: printJobsOf(projectId) } as const;
      throw new UnavailableError(call, { because: lack, outcome: 'not-done' });
    }
    for (const { name } of page.jobs) if (mayLiveWith(name.location, parent)) names.push(name);
    if (names.length > MOST_CHILDREN) throw new TooManyChildrenError(parent, MOST_CHILDREN);
  }
  return names;
}

/** Why a child may be missing on a page. */
function lackOf({ unreachable, brokenItems }: JobsPage, parent: JobName): string | undefined {
  if (brokenItems.length > 0) return 'a child on the list cannot be read';
  const isUnreached = unreachable.some((place) => place === 'unknown' || mayLiveWith(place, parent));
  return isUnreached ? 'the location of the children did not answer' : undefined;
}

/** A job and its children share a location. */
function mayLiveWith(location: string | undefined, parent: JobName): boolean {
  if (location === undefined || parent.location === undefined) return true;
  return canonicalLocation(location) === canonicalLocation(parent.location);
}

async function getEach(
  names: readonly JobName[],
  jobs: Pick<JobsReader, 'getWhole'>,
  options: CallOptions,
): Promise<readonly RawLook[]> {
  const looks: (RawLook | undefined)[] = [];
  const left = names.entries();
  const getSome = async (): Promise<void> => {
    for (const [index, name] of left) looks[index] = await getUnlessGone(name, jobs, options);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, getSome));
  return looks.filter((look) => look !== undefined);
}

async function getUnlessGone(
  name: JobName,
  jobs: Pick<JobsReader, 'getWhole'>,
  options: CallOptions,
): Promise<RawLook | undefined> {
  try {
    return await jobs.getWhole(name, options);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/** How many children of its own a job tells of; 0 of one that tells of none. BigQuery writes it as text. */
export function childrenToldBy({ resource }: RawLook): number {
  return Number(jsonAt(resource.take(), 'statistics', 'numChildJobs') ?? 0) || 0;
}
