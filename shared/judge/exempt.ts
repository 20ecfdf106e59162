import type { Job } from '../job/job.ts';
import { isGoogleAgent } from '../job/service-account.ts';
import type { Selector } from '../policy/policy.ts';
import type { Match } from './match.ts';

/**
 * Rule 1: exempt unless a policy names them are Google's own service agents, continuous queries and dry
 * runs.
 *
 * What the observation does not tell is taken as "not exempt" only while nothing is done on it: every act
 * and every alert follows a look that tells (`looked`).
 */
export function exemptByNature(job: Job, { match }: { readonly match: Selector }, looked: boolean): Match {
  const { principal } = job;
  if (principal !== undefined && isGoogleAgent(principal) && !namesPrincipal(match, principal)) {
    return { kind: 'yes' };
  }
  if (job.continuous === true && match.continuous !== true) return { kind: 'yes' };
  if (job.dryRun === true && match.dryRun !== true) return { kind: 'yes' };
  if (!looked) return { kind: 'no' };
  if (job.principal === undefined) return { kind: 'unknown', lacks: ['principal'] };
  if (job.continuous === undefined) return { kind: 'unknown', lacks: ['continuous'] };
  if (job.dryRun === undefined) return { kind: 'unknown', lacks: ['dryRun'] };
  return { kind: 'no' };
}

/**
 * Whether a pattern means this account and its like, and not just any account. It does when it holds a letter
 * or digit of what stands before the @, or ends with the domain as it is. `*`, `*@*` and
 * `*.gserviceaccount.com` would take any account, and name none.
 */
export function namesPrincipal({ principals = [] }: Selector, principal: string): boolean {
  const [account = '', domain = ''] = principal.toLowerCase().split('@');
  const nameless = `${account.replace(/[a-z0-9]/g, '')}@${domain}`;
  return principals.some(
    (glob) =>
      glob.matches(principal) && (!glob.matches(nameless) || glob.text.toLowerCase().endsWith(domain)),
  );
}
