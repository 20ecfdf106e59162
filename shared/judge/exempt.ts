import type { Job } from '../job/job.ts';
import type { CancelPolicy } from '../policy/policy.ts';
import type { Match } from './match.ts';

/**
 * Rule 1: exempt unless a policy names them are Google's own service agents, continuous queries and dry
 * runs.
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
 * Accounts that Google's services use inside a customer's project [doc: iam/docs/service-agents,
 * iam/docs/service-account-types]. Google adds to them at any time, so their forms are asked for and no list
 * of services. An owner could name an account of a project `service-<number>` too: it is taken for an agent
 * until a policy names it, for the other mistake would cancel Google's own work.
 */
const AGENT_FORMS: readonly RegExp[] = [
  // Exports and reservations: `bigquery-adminbot`, `firebase-measurement`, `search-console-data-export`, …
  /@system\.gserviceaccount\.com$/i,
  // The form of today, whatever stands before the @: `service-1@`, `service-p1@`, `p1-2@`, `bqcx-1-a@`.
  /@gcp-sa-[a-z0-9-]+\.iam\.gserviceaccount\.com$/i,
  // Older services, each with a domain of its own: `dlp-api`, `cloudcomposer-accounts`, `compute-system`, …
  /^service-(?:(?:org|folder|project)-)?\d+@[a-z0-9.-]+\.iam\.gserviceaccount\.com$/i,
  /^\d+@cloudservices\.gserviceaccount\.com$/i,
  /@(?:bigquery-encryption|firebase-sa-management)\.iam\.gserviceaccount\.com$/i,
];

/** What all the forms end with: almost no principal does, and this is asked for every policy. */
const AGENT_END = 'gserviceaccount.com';

function isGoogleAgent(principal: string | undefined): principal is string {
  return (
    principal !== undefined &&
    principal.slice(-AGENT_END.length).toLowerCase() === AGENT_END &&
    AGENT_FORMS.some((form) => form.test(principal))
  );
}

/**
 * A pattern names an agent when it holds a letter or digit of what stands before the @, or ends with the
 * domain as it is. `*`, `*@*` and `*.gserviceaccount.com` would take any account, and name none.
 */
function namesPrincipal(policy: CancelPolicy, principal: string): boolean {
  const [account = '', domain = ''] = principal.toLowerCase().split('@');
  const nameless = `${account.replace(/[a-z0-9]/g, '')}@${domain}`;
  return (policy.match.principals ?? []).some(
    (glob) =>
      glob.matches(principal) && (!glob.matches(nameless) || glob.text.toLowerCase().endsWith(domain)),
  );
}
