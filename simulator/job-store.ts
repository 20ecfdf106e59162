import { lifeAt } from './job-life.ts';
import { type Deletion, type JobName, type JobRecord, jobKey } from './job-record.ts';
import { SortedJobs } from './sorted-jobs.ts';

/** The longest that a list may lag behind (simulator option); ended jobs stay in the live index so long. */
export const LONGEST_STALENESS_MS = 600_000;
/** How often ended jobs are taken out of the live index, which costs a look at each: not for every page. */
const TIDIED_AFTER_MS = 60_000;
/** Without a location only these are searched (design section 7). */
const SEARCHED_LOCATIONS = ['US', 'EU'] as const;

/** Thrown for a second job of the same name. */
export class JobExists extends Error {
  override readonly name = 'JobExists';
}

/** A job as a call names it. */
export interface AskedName {
  readonly projectId: string;
  readonly location?: string;
  readonly jobId: string;
}

interface ProjectJobs {
  /** Top-level jobs, all; the deleted too, which lists that lag behind still show. */
  readonly all: SortedJobs;
  /** Top-level jobs that were not DONE when last looked at. */
  readonly live: SortedJobs;
  /** When those that have ended since were last taken out of `live`. */
  tidiedAtMs: number;
}

/** All jobs, with an index for each way of asking; a page of a list costs about its own size. */
export class JobStore {
  readonly #byKey = new Map<string, JobRecord>();
  /** The last that was deleted of each name. */
  readonly #deleted = new Map<string, JobRecord>();
  readonly #byProject = new Map<string, ProjectJobs>();
  /** Children by their parent's project and id; the parent itself need not be known. */
  readonly #children = new Map<string, SortedJobs>();

  add(record: JobRecord): void {
    const key = jobKey(record);
    if (this.#byKey.has(key)) {
      throw new JobExists(`there is a job ${record.projectId}:${record.location}.${record.jobId} already`);
    }
    this.#byKey.set(key, record);
    if (record.parentJobId === undefined) {
      const project = this.#project(record.projectId);
      project.all.add(record);
      project.live.add(record);
    } else {
      this.#addChild(record, record.parentJobId);
    }
    for (const child of this.childrenOf(record.projectId, record.jobId)) {
      if (child.deletion === undefined && isSamePlace(child, record)) link(child, record);
    }
  }

  #addChild(record: JobRecord, parentJobId: string): void {
    const parentName = `${record.projectId}\n${parentJobId}`;
    const siblings = this.#children.get(parentName) ?? new SortedJobs();
    siblings.add(record);
    this.#children.set(parentName, siblings);
    const parent = this.#byKey.get(jobKey({ ...nameOf(record), jobId: parentJobId }));
    if (parent !== undefined) link(record, parent);
  }

  /** The job of that name; without a location, one in US or EU. */
  find(name: AskedName): JobRecord | undefined {
    return foundIn(this.#byKey, name);
  }

  /** The last job of that name that was deleted. */
  findDeleted(name: AskedName): JobRecord | undefined {
    return foundIn(this.#deleted, name);
  }

  /** Takes the name from each job of a family. They stay in the order of lists, whose readers may lag behind. */
  remove(family: readonly JobRecord[], deletion: Deletion): void {
    for (const record of family) {
      const key = jobKey(record);
      record.deletion = deletion;
      this.#byKey.delete(key);
      this.#deleted.set(key, record);
    }
  }

  /** Top-level jobs of a project. */
  topLevel(projectId: string): SortedJobs | undefined {
    return this.#byProject.get(projectId)?.all;
  }

  /** Top-level jobs of a project among which are all that are not DONE now, or were not a while ago. */
  maybeLive(projectId: string, nowMs: number): SortedJobs | undefined {
    const project = this.#byProject.get(projectId);
    if (project === undefined) return undefined;
    const { live } = project;
    if (nowMs < project.tidiedAtMs + TIDIED_AFTER_MS) return live;
    project.tidiedAtMs = nowMs;
    live.keep((record) => {
      const { state, endTimeMs } = lifeAt(record, nowMs);
      return (
        state !== 'DONE' || (record.given === undefined && (endTimeMs ?? 0) > nowMs - LONGEST_STALENESS_MS)
      );
    });
    return live;
  }

  /** The children of the jobs of that id: `jobs.list` takes no location beside `parentJobId`. */
  childrenOf(projectId: string, parentJobId: string): Iterable<JobRecord> {
    return this.childList(projectId, parentJobId)?.newestFirst() ?? [];
  }

  childList(projectId: string, parentJobId: string): SortedJobs | undefined {
    return this.#children.get(`${projectId}\n${parentJobId}`);
  }

  *everything(): Generator<JobRecord> {
    yield* this.#byKey.values();
  }

  #project(projectId: string): ProjectJobs {
    const known = this.#byProject.get(projectId);
    if (known !== undefined) return known;
    const fresh = { all: new SortedJobs(), live: new SortedJobs(), tidiedAtMs: Number.NEGATIVE_INFINITY };
    this.#byProject.set(projectId, fresh);
    return fresh;
  }
}

function foundIn(jobs: ReadonlyMap<string, JobRecord>, name: AskedName): JobRecord | undefined {
  const { projectId, jobId } = name;
  const locations = name.location === undefined ? SEARCHED_LOCATIONS : [name.location];
  for (const location of locations) {
    const found = jobs.get(jobKey({ projectId, location, jobId }));
    if (found !== undefined) return found;
  }
  return undefined;
}

function link(child: JobRecord, parent: JobRecord): void {
  child.parent = parent;
  if (!parent.children.includes(child)) parent.children.push(child);
}

function isSamePlace(a: JobName, b: JobName): boolean {
  return a.location.toLowerCase() === b.location.toLowerCase();
}

/** The name only, without what else a record holds. */
export function nameOf(record: JobName): JobName {
  return { projectId: record.projectId, location: record.location, jobId: record.jobId };
}
