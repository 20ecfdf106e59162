import { ForbiddenError, type JobsApiError } from '../bigquery/errors.ts';
import { ImpersonationError } from '../bigquery/impersonation-errors.ts';
import type { EnforcePorts } from './ports.ts';
import { tellMissing } from './told-or-gone.ts';

/** An account may not run its job again, or not be acted as, unless somebody grants it. */
export type RefusedForNow = ForbiddenError | ImpersonationError;

export function isRefusedForNow(error: JobsApiError): error is RefusedForNow {
  return error instanceof ForbiddenError || error instanceof ImpersonationError;
}

export function whyRefused(error: RefusedForNow): 'not-permitted' | 'account-not-granted' {
  return error instanceof ForbiddenError ? 'not-permitted' : 'account-not-granted';
}

/** For a person, about the job. */
export function withoutRight(error: RefusedForNow): string {
  return error instanceof ForbiddenError
    ? 'its account may not run jobs now'
    : 'nobody can act as its account now, for that is not granted, or there is no such account';
}

/** To act as an account, the watchdog's own needs a permission on it [doc: iam/docs/create-short-lived-credentials]. */
const TO_ACT_AS = 'iam.serviceAccounts.getAccessToken';

export function tellRefused(projectId: string, error: RefusedForNow, ports: EnforcePorts): Promise<void> {
  const { account, message } = error;
  const permission = error instanceof ForbiddenError ? error.permission : TO_ACT_AS;
  return tellMissing(projectId, { permission, account, message }, ports);
}
