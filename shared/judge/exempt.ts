import type { Job } from '../job/job.ts';
import { isGoogleAgent } from '../job/service-account.ts';
import type { Selector } from '../policy/policy.ts';
import { type Match, NO, YES } from './match.ts';

/** A job, and what it is by itself: told once for all policies that are asked about it. */
export interface Nature {
  readonly job: Job;
  /** Its principal, where that is one of Google's own service agents. */
  readonly agent: string | undefined;
  /** Whether the job is a `jobs.get` answer. */
  readonly looked: boolean;
}

export function natureOf(job: Job, looked: boolean): Nature {
  const { principal } = job;
  return { job, agent: principal !== undefined && isGoogleAgent(principal) ? principal : undefined, looked };
}

/**
 * Rule 1: exempt unless a policy names them are Google's own service agents, continuous queries and dry
 * runs.
 *
 * What the observation does not tell is taken as "not exempt" only while nothing is done on it: every act
 * and every alert follows a look that tells (`looked`).
 */
export function exemptByNature(
  { job, agent, looked }: Nature,
  { match }: { readonly match: Selector },
): Match {
  if (agent !== undefined && !namesPrincipal(match, agent)) return YES;
  if (job.continuous === true && match.continuous !== true) return YES;
  if (job.dryRun === true && match.dryRun !== true) return YES;
  if (!looked) return NO;
  if (job.principal === undefined) return { kind: 'unknown', lacks: ['principal'] };
  if (job.continuous === undefined) return { kind: 'unknown', lacks: ['continuous'] };
  if (job.dryRun === undefined) return { kind: 'unknown', lacks: ['dryRun'] };
  return NO;
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
