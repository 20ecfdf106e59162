import { JobNameError } from './errors.ts';

/**
 * What BigQuery needs to name a job. `projectId` may be domain-scoped (`example.com:proj`);
 * `location` is as BigQuery tells it (`US`, `EU`, `europe-west2`), absent where the source has none.
 */
export interface JobName {
  readonly projectId: string;
  readonly location?: string;
  readonly jobId: string;
}

/** What a short form leaves out, as `bq` takes it from `--project_id` and `--location`. */
export interface NameDefaults {
  readonly projectId?: string | undefined;
  readonly location?: string | undefined;
}

/** A project, or `domain:project`. Wider than BigQuery is with new projects, for old ones and numbers live on. */
const PROJECT = /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)+:)?[a-z0-9_-]+$/i;
const DOMAIN = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i;
const REGION = 'region-';
const LOCATION = /^[a-z0-9-]{1,64}$/i;
/** Letters, digits, `_`, `-`, at most 1,024 [discovery document: JobReference.jobId]. */
const JOB_ID = /^[\w-]{1,1024}$/;
const PATH = /^projects\/([^/]+)\/jobs\/([^/]+)$/;

export function isProjectId(text: string): boolean {
  return text.length <= 128 && PROJECT.test(text);
}

/**
 * A location as BigQuery writes it: the multi-regions `US` and `EU` in capitals, regions in lower case,
 * and without the `region-` that INFORMATION_SCHEMA puts before it. BigQuery itself takes any case.
 */
export function canonicalLocation(location: string): string {
  const lower = location.toLowerCase();
  const bare = lower.startsWith(REGION) ? lower.slice(REGION.length) : lower;
  return bare === 'us' || bare === 'eu' ? bare.toUpperCase() : bare;
}

/** `project:location.jobId`, or `project:jobId` where the location is unknown. `parseJobName` reads it back. */
export function formatJobName({ projectId, location, jobId }: JobName): string {
  return location === undefined ? `${projectId}:${jobId}` : `${projectId}:${location}.${jobId}`;
}

/**
 * The one string for a job, however its location is written: what ledger keys are made of.
 * A name without a location has a key of its own, for one id may live in two locations:
 * look the job up first, then make the key of the name that BigQuery tells.
 */
export function jobKey(name: JobName): string {
  return formatJobName(named(name.projectId, name.location, name.jobId));
}

/**
 * Whether two names may mean the same job. Locations compare without case; one that is absent
 * on either side is unknown, and speaks against nothing.
 */
export function sameJob(a: JobName, b: JobName): boolean {
  if (a.projectId !== b.projectId || a.jobId !== b.jobId) return false;
  if (a.location === undefined || b.location === undefined) return true;
  return canonicalLocation(a.location) === canonicalLocation(b.location);
}

/**
 * Reads every form in which people and Google write a job's name: `project:location.jobId`, `project:jobId`,
 * `projects/P/jobs/J`, and, given `defaults.projectId`, `location.jobId` and `jobId`; projects may be
 * domain-scoped (`example.com:proj:US.id`). Without a colon, what stands before the dot is a location, as `bq`
 * reads it. A location in the text wins over the default. The location comes back in its canonical form.
 *
 * Throws `JobNameError`.
 */
export function parseJobName(text: string, defaults: NameDefaults = {}): JobName {
  const { project = defaults.projectId, location = defaults.location, jobId } = split(text);
  if (!JOB_ID.test(jobId)) {
    throw new JobNameError(text, 'a job id is 1 to 1,024 letters, digits, "_" and "-"');
  }
  if (location !== undefined && !LOCATION.test(location)) {
    throw new JobNameError(text, 'a location is letters, digits and "-", such as US or europe-west2');
  }
  if (project === undefined) throw new JobNameError(text, 'it names no project');
  if (DOMAIN.test(project)) {
    throw new JobNameError(text, 'its project is only a domain; write example.com:project:LOCATION.JOB_ID');
  }
  if (!isProjectId(project)) {
    throw new JobNameError(text, 'its project is neither a project id nor domain:project');
  }
  return named(project, location, jobId);
}

/** The name that these parts make, or undefined where they make none: for parts that Google's input tells. */
export function nameOfParts(
  projectId: string | undefined,
  location: string | undefined,
  jobId: string | undefined,
): JobName | undefined {
  if (projectId === undefined || !isProjectId(projectId)) return undefined;
  if (jobId === undefined || !JOB_ID.test(jobId)) return undefined;
  return named(projectId, location !== undefined && LOCATION.test(location) ? location : undefined, jobId);
}

/** The name in `projects/P/jobs/J`, or undefined: for paths that Google's input tells. */
export function nameOfPath(path: string | undefined, location: string | undefined): JobName | undefined {
  const match = path === undefined ? null : PATH.exec(path);
  return match === null ? undefined : nameOfParts(match[1], location, match[2]);
}

function named(projectId: string, location: string | undefined, jobId: string): JobName {
  return location === undefined
    ? { projectId, jobId }
    : { projectId, location: canonicalLocation(location), jobId };
}

interface Parts {
  readonly project?: string;
  readonly location?: string;
  readonly jobId: string;
}

/** The last colon ends the project (a domain has one of its own); no job id holds a dot. */
function split(text: string): Parts {
  const path = PATH.exec(text);
  const colon = text.lastIndexOf(':');
  const project = path?.[1] ?? (colon === -1 ? undefined : text.slice(0, colon));
  const rest = path?.[2] ?? text.slice(colon + 1);
  const dot = rest.indexOf('.');
  return {
    ...(project === undefined ? {} : { project }),
    ...(dot === -1 ? {} : { location: rest.slice(0, dot) }),
    jobId: rest.slice(dot + 1),
  };
}
