import { Option } from 'commander';
import { createJobsClient, type JobsClientParts } from '../shared/bigquery/backing-off-client.ts';
import { CallBudget } from '../shared/bigquery/budget.ts';
import { refuseApiWrites } from '../shared/bigquery/dry-run-client.ts';
import { JobsApiError, UnavailableError } from '../shared/bigquery/errors.ts';
import { googleImpersonator } from '../shared/bigquery/google-impersonator.ts';
import { googleJobsApi } from '../shared/bigquery/google-jobs-api.ts';
import type { JobsApi } from '../shared/bigquery/jobs-api.ts';
import type { JobsClient, JobsReader } from '../shared/bigquery/jobs-client.ts';
import { dryRun } from '../shared/bigquery/query-dry-run.ts';
import type { RepeatPorts } from '../shared/enforce/repeat-plan.ts';
import { UsageError } from './errors.ts';
import type { Terminal } from './terminal.ts';

export interface EndpointOptions {
  readonly endpoint?: string;
}

/** How a list is asked for; what is not given is as the functions have it. */
export interface ListSettings {
  readonly pageSize?: number;
  /** Only the jobs of who asks. */
  readonly ownOnly?: boolean;
}

/** `--endpoint`, of every command that calls BigQuery. */
export function endpointOption(): Option {
  return new Option(
    '--endpoint <url>',
    "a jobs API other than Google's, such as the simulator's (default: WATCHDOG_BIGQUERY_ENDPOINT, else Google's)",
  );
}

/**
 * What looks at jobs and cannot change one: the seam below it refuses every write.
 *
 * @throws UsageError
 */
export function openJobsReader(
  options: EndpointOptions,
  terminal: Terminal,
  { pageSize, ownOnly = false }: ListSettings = {},
): JobsReader {
  const api = refuseApiWrites(openApi(options, terminal));
  const parts = partsOn(ownOnly ? ownLists(api) : api, terminal);
  return createJobsClient({ ...parts, ...(pageSize !== undefined && { pageSize }) });
}

/**
 * A whole client for what only looks, though it could do more: the seam below refuses every write.
 *
 * @throws UsageError
 */
export function openLookingClient(options: EndpointOptions, terminal: Terminal): JobsClient {
  return createJobsClient(partsOn(refuseApiWrites(openApi(options, terminal)), terminal));
}

/**
 * The client with which a person acts. A dry run (`WATCHDOG_DRY_RUN`) holds here too.
 *
 * @throws UsageError
 */
export function openJobsClient(options: EndpointOptions, terminal: Terminal): JobsClient {
  return createJobsClient(actingParts(options, terminal));
}

/**
 * The same, and BigQuery's own dry run, which `WATCHDOG_DRY_RUN` refuses too: it is an insert.
 *
 * @throws UsageError
 */
export function openRepeatClient(
  options: EndpointOptions,
  terminal: Terminal,
): Pick<RepeatPorts, 'jobs' | 'listOwn' | 'dryRun'> {
  const parts = actingParts(options, terminal);
  const own = createJobsClient({ ...parts, api: ownLists(parts.api) });
  return {
    jobs: createJobsClient(parts),
    listOwn: (query, call) => own.list(query, call),
    dryRun: (request, call) => dryRun(parts, request, call),
  };
}

function actingParts(options: EndpointOptions, terminal: Terminal): JobsClientParts {
  const api = openApi(options, terminal);
  return partsOn(isDryRun(terminal) ? refuseApiWrites(api) : api, terminal);
}

function partsOn(api: JobsApi, { clock, random, environment }: Terminal): JobsClientParts {
  const redactionKey = environment['WATCHDOG_REDACTION_KEY'];
  return { api, clock, random, budget: new CallBudget(clock), redactionKey };
}

/** The same seam, which lists only the jobs of who asks. */
function ownLists(api: JobsApi): JobsApi {
  return { ...api, list: (page, signal) => api.list({ ...page, allUsers: false }, signal) };
}

function openApi({ endpoint: option }: EndpointOptions, { clock, environment }: Terminal): JobsApi {
  const endpoint = option ?? (environment['WATCHDOG_BIGQUERY_ENDPOINT'] || undefined);
  if (endpoint !== undefined && !/^https?:\/\/\S+$/.test(endpoint)) {
    const setting = option === undefined ? 'WATCHDOG_BIGQUERY_ENDPOINT' : '--endpoint';
    throw new UsageError(`${setting} is "${endpoint}": expected an address such as http://127.0.0.1:8080`);
  }
  // What stands in for BigQuery stands in for IAM Credentials too: it is handed no token of Google's.
  const iam = environment['WATCHDOG_IAM_ENDPOINT'] || endpoint;
  const impersonator = googleImpersonator({ clock, endpoint: iam });
  const redactionKey = environment['WATCHDOG_REDACTION_KEY'];
  return toldOfCredentials(googleJobsApi({ endpoint, impersonator, redactionKey }));
}

function isDryRun({ environment }: Terminal): boolean {
  const text = environment['WATCHDOG_DRY_RUN'] || 'false';
  if (text === 'true' || text === 'false') return text === 'true';
  throw new UsageError(`WATCHDOG_DRY_RUN is "${text}": expected true or false`);
}

/** Nobody is signed in on this machine. A function waits for its account to come back; a person is told at once. */
export class NoCredentialsError extends JobsApiError {
  override readonly name = 'NoCredentialsError';
  readonly fault = 'terminal';

  constructor({ method, target }: Pick<JobsApiError, 'method' | 'target'>) {
    super(
      { method, target },
      'there are no credentials; run "gcloud auth application-default login", or set GOOGLE_APPLICATION_CREDENTIALS to the file of a service account',
    );
  }
}

const NO_CREDENTIALS = 'no credentials could be had';

function toldOfCredentials(api: JobsApi): JobsApi {
  const told = async <T>(call: Promise<T>): Promise<T> => {
    try {
      return await call;
    } catch (error) {
      if (error instanceof UnavailableError && error.because === NO_CREDENTIALS) {
        throw new NoCredentialsError(error);
      }
      throw error;
    }
  };
  return {
    get: (name, signal) => told(api.get(name, signal)),
    list: (page, signal) => told(api.list(page, signal)),
    insert: (projectId, body, signal) => told(api.insert(projectId, body, signal)),
    cancel: (name, signal) => told(api.cancel(name, signal)),
    delete: (name, signal) => told(api.delete(name, signal)),
    asAccount: (account) => toldOfCredentials(api.asAccount(account)),
  };
}
