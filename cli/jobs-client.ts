import { Option } from 'commander';
import { createJobsClient } from '../shared/bigquery/backing-off-client.ts';
import { CallBudget } from '../shared/bigquery/budget.ts';
import { refuseApiWrites } from '../shared/bigquery/dry-run-client.ts';
import { JobsApiError, UnavailableError } from '../shared/bigquery/errors.ts';
import { googleJobsApi } from '../shared/bigquery/google-jobs-api.ts';
import type { JobsApi } from '../shared/bigquery/jobs-api.ts';
import type { JobsClient, JobsReader } from '../shared/bigquery/jobs-client.ts';
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
  list: ListSettings = {},
): JobsReader {
  return clientOn(refuseApiWrites(openApi(options, terminal)), terminal, list);
}

/**
 * The client with which a person acts. A dry run (`WATCHDOG_DRY_RUN`) holds here too.
 *
 * @throws UsageError
 */
export function openJobsClient(options: EndpointOptions, terminal: Terminal): JobsClient {
  const api = openApi(options, terminal);
  return clientOn(isDryRun(terminal) ? refuseApiWrites(api) : api, terminal, {});
}

function clientOn(
  api: JobsApi,
  { clock, random }: Terminal,
  { pageSize, ownOnly = false }: ListSettings,
): JobsClient {
  return createJobsClient({
    api: ownOnly ? { ...api, list: (page, signal) => api.list({ ...page, allUsers: false }, signal) } : api,
    clock,
    random,
    budget: new CallBudget(clock),
    ...(pageSize !== undefined && { pageSize }),
  });
}

function openApi({ endpoint: option }: EndpointOptions, { environment }: Terminal): JobsApi {
  const endpoint = option ?? (environment['WATCHDOG_BIGQUERY_ENDPOINT'] || undefined);
  if (endpoint !== undefined && !/^https?:\/\/\S+$/.test(endpoint)) {
    const setting = option === undefined ? 'WATCHDOG_BIGQUERY_ENDPOINT' : '--endpoint';
    throw new UsageError(`${setting} is "${endpoint}": expected an address such as http://127.0.0.1:8080`);
  }
  return toldOfCredentials(googleJobsApi({ endpoint, redactionKey: environment['WATCHDOG_REDACTION_KEY'] }));
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
