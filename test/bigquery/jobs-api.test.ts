import { afterEach, describe } from 'vitest';
import { googleJobsApi } from '../../shared/bigquery/google-jobs-api.ts';
import { type RunningServer, serve } from '../../simulator/server.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { simulatedJobsApi } from '../simulated-jobs-api.ts';
import { jobsApiContract } from './jobs-api-contract.ts';

describe('the seam on an in-process handler', () => {
  jobsApiContract(async (play) => simulatedJobsApi(play));
});

describe("the seam on Google's client, over HTTP", () => {
  const servers: RunningServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  jobsApiContract(async (play) => {
    const server = await serve({ simulator: { handle: play }, clock: new VirtualClock(0), port: 0 });
    servers.push(server);
    return googleJobsApi({ endpoint: server.address });
  });
});
