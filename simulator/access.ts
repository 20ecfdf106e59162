import * as z from 'zod';
import { ApiError } from './api-error.ts';

/** The permissions of the jobs API [doc: managing-jobs.md, Required permissions], and one more. */
export const PERMISSIONS = [
  'bigquery.jobs.create',
  'bigquery.jobs.get',
  'bigquery.jobs.list',
  'bigquery.jobs.listAll',
  'bigquery.jobs.update',
  'bigquery.jobs.delete',
  // Of IAM Credentials: to act as a service account.
  'iam.serviceAccounts.getAccessToken',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/**
 * Permissions that somebody lacks: everybody without `principal`, in every project without `projectId`; to act as
 * an account, on every account without `account`.
 */
export const Withheld = z.strictObject({
  permissions: z.array(z.enum(PERMISSIONS)).min(1),
  principal: z.string().optional(),
  projectId: z.string().optional(),
  account: z.string().optional(),
});
export type Withheld = z.infer<typeof Withheld>;

/** The body of `PUT /simulator/access`: what is not given is granted again. */
export const AccessSettings = z.strictObject({
  withheld: z.array(Withheld).optional(),
  /** Service accounts that do not exist. */
  missingAccounts: z.array(z.string()).optional(),
});
export type AccessSettings = z.infer<typeof AccessSettings>;

/** Who may do what. Everybody may do everything, but for what is withheld. */
export class Access {
  #withheld: readonly Withheld[];
  #missingAccounts: ReadonlySet<string> = new Set();

  constructor(withheld: readonly Withheld[] = []) {
    this.#withheld = withheld;
  }

  withhold(withheld: readonly Withheld[]): void {
    this.#withheld = withheld;
  }

  setMissingAccounts(emails: readonly string[]): void {
    this.#missingAccounts = new Set(emails);
  }

  /** Whether there is no such service account. */
  isMissing(account: string): boolean {
    return this.#missingAccounts.has(account);
  }

  /** Whether the caller may have tokens of the account. */
  allowsToken(caller: string, account: string): boolean {
    return !this.#withheld.some(
      (rule) =>
        rule.permissions.includes('iam.serviceAccounts.getAccessToken') &&
        (rule.principal ?? caller) === caller &&
        (rule.account ?? account) === account,
    );
  }

  allows(caller: string, permission: Permission, projectId: string): boolean {
    return !this.#withheld.some(
      (rule) =>
        rule.permissions.includes(permission) &&
        (rule.principal ?? caller) === caller &&
        (rule.projectId ?? projectId) === projectId,
    );
  }

  demand(caller: string, permission: Permission, projectId: string): void {
    if (!this.allows(caller, permission, projectId)) throw accessDenied(permission, projectId);
  }
}

/**
 * Google's text, as seen for `create` (google/cluster-data issue 25) and `list` (`bq ls -j bigquery-public-data`);
 * supposed to be the same for the others.
 */
export function accessDenied(permission: Permission, projectId: string): ApiError {
  const message = `Access Denied: Project ${projectId}: User does not have ${permission} permission in project ${projectId}.`;
  return new ApiError({ code: 403, reason: 'accessDenied', message });
}
