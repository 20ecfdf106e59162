/** Accounts of Google Cloud that are no people, and those among them that are Google's own. */

/**
 * Accounts that Google's services use inside a customer's project [doc: iam/docs/service-agents,
 * iam/docs/service-account-types]. Google adds to them at any time, so their forms are asked for and no list
 * of services. An owner could name an account of a project `service-<number>` too: it is taken for an agent
 * until a policy names it, for the other mistake would touch Google's own work.
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

/** `etl@my-project.iam.…`, `1-compute@developer.…`, `my-project@appspot.…` [doc: iam/docs/service-account-types]. */
const SERVICE_ACCOUNT = /^[a-z0-9-]+@(?:[a-z0-9-]+\.)+gserviceaccount\.com$/i;

/** A service agent: only Google can act as it. */
export function isGoogleAgent(principal: string): boolean {
  return (
    principal.slice(-AGENT_END.length).toLowerCase() === AGENT_END &&
    AGENT_FORMS.some((form) => form.test(principal))
  );
}

/** Everybody else is taken for a person: users, and identities of other providers (`principal://…`). */
export function isServiceAccount(principal: string): boolean {
  return SERVICE_ACCOUNT.test(principal);
}
