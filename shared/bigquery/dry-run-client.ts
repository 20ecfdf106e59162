import { formatJobName } from '../job/job-name.ts';
import { WriteRefusedError } from './errors.ts';
import type { JobsApi } from './jobs-api.ts';
import { printNewJob } from './new-job-name.ts';

/**
 * Dry run, at the seam: whatever is built above it, no write reaches BigQuery through this. It names what it
 * lets pass, so that a method that is added later is not let pass by being forgotten.
 *
 * Writes throw `WriteRefusedError`.
 */
export function refuseApiWrites(api: JobsApi): JobsApi {
  return {
    get: (request, signal) => api.get(request, signal),
    list: (request, signal) => api.list(request, signal),
    insert: async (projectId, body) => {
      throw new WriteRefusedError({ method: 'insert', target: printNewJob(projectId, body) });
    },
    cancel: async (name) => {
      throw new WriteRefusedError({ method: 'cancel', target: formatJobName(name) });
    },
    delete: async (name) => {
      throw new WriteRefusedError({ method: 'delete', target: formatJobName(name) });
    },
    asAccount: (account) => refuseApiWrites(api.asAccount(account)),
  };
}
