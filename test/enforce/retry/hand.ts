import { CallBudget } from '../../../shared/bigquery/budget.ts';
import { dryRun } from '../../../shared/bigquery/query-dry-run.ts';
import type { RepeatPorts } from '../../../shared/enforce/repeat-plan.ts';
import type { WithoutPolicy } from '../../../shared/enforce/without-policy.ts';
import { simulatedImpersonator, simulatedJobsApi } from '../../simulated-jobs-api.ts';
import type { Retrying } from './retrying.ts';

/** What a person acts with who shares the world, and the ledger, of what enforces retries. */
export function portsOf(retrying: Retrying, holder = 'by-hand-1'): WithoutPolicy<RepeatPorts> {
  const { clock, simulator, ports } = retrying;
  const handle = simulator.handle.bind(simulator);
  const api = simulatedJobsApi(handle, { impersonator: simulatedImpersonator(handle, clock) });
  const parts = { api, clock, random: ports.random, budget: new CallBudget(clock) };
  return {
    ...ports,
    holder,
    listOwn: (query, call) => ports.jobs.list(query, call),
    dryRun: (request, call) => dryRun(parts, request, call),
  };
}
