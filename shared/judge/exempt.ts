import type { Job } from '../job/job.ts';
import type { CancelPolicy } from '../policy/policy.ts';
import type { Match } from './match.ts';

/**
 * Rule 1: exempt unless a policy names them are Google's own service agents, continuous queries and dry
 * runs. A lone `*` names nobody.
 *
 * What the observation does not tell is taken as "not exempt" only while nothing is done on it: every act
 * and every alert follows a look that tells (`looked`).
 */
export function exemptByNature(job: Job, policy: CancelPolicy, looked: boolean): Match {
  if (isGoogleAgent(job.principal) && !namesPrincipal(policy, job.principal)) return { kind: 'yes' };
  if (job.continuous === true && policy.match.continuous !== true) return { kind: 'yes' };
  if (job.dryRun === true && policy.match.dryRun !== true) return { kind: 'yes' };
  if (!looked) return { kind: 'no' };
  if (job.principal === undefined) return { kind: 'unknown', lacks: ['principal'] };
  if (job.continuous === undefined) return { kind: 'unknown', lacks: ['continuous'] };
  if (job.dryRun === undefined) return { kind: 'unknown', lacks: ['dryRun'] };
  return { kind: 'no' };
}

/**
 * Accounts that Google's services use inside a customer's project: `…@system.gserviceaccount.com`
 * (`bigquery-adminbot` among them) and service agents `service-<number>@gcp-sa-<service>.iam.gserviceaccount.com`
 * [doc: iam/docs/service-agents].
 */
function isGoogleAgent(principal: string | undefined): principal is string {
  if (principal === undefined) return false;
  const [account, domain = ''] = principal.split('@');
  if (domain === 'system.gserviceaccount.com') return true;
  return (
    account?.startsWith('service-') === true && /^gcp-sa-[a-z0-9-]+\.iam\.gserviceaccount\.com$/.test(domain)
  );
}

function namesPrincipal(policy: CancelPolicy, principal: string): boolean {
  return (policy.match.principals ?? []).some((glob) => /[^*]/.test(glob.text) && glob.matches(principal));
}
