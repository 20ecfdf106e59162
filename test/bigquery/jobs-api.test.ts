import { afterEach, describe } from 'vitest';
import { googleImpersonator } from '../../shared/bigquery/google-impersonator.ts';
import { googleJobsApi } from '../../shared/bigquery/google-jobs-api.ts';
import { type RunningServer, serve } from '../../simulator/server.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { type Handle, simulatedImpersonator, simulatedJobsApi } from '../simulated-jobs-api.ts';
import { impersonationContract } from './impersonation-contract.ts';
import { jobsApiContract } from './jobs-api-contract.ts';

describe('the seam on an in-process handler', () => {
  jobsApiContract(async (play) => simulatedJobsApi(play));
  impersonationContract(async (play, clock) =>
    simulatedJobsApi(play, { impersonator: simulatedImpersonator(play, clock) }),
  );
});

describe("the seam on Google's client, over HTTP", () => {
  const servers: RunningServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  const served = async (play: Handle): Promise<string> => {
    const server = await serve({ simulator: { handle: play }, clock: new VirtualClock(0), port: 0 });
    servers.push(server);
    return server.address;
  };

  jobsApiContract(async (play) => googleJobsApi({ endpoint: await served(play) }));
  impersonationContract(async (play, clock) => {
    const endpoint = await served(play);
    return googleJobsApi({ endpoint, impersonator: googleImpersonator({ clock, endpoint }) });
  });
});
