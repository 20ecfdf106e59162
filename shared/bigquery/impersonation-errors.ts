import { type Failure, JobsApiError } from './errors.ts';

/** A call that was to be made as a service account. */
export type FailureAs = Failure & { readonly account: string };

/**
 * No token of the account is had, as things are set up. Nothing was sent to BigQuery; once a person has mended it the
 * same call may succeed.
 */
export abstract class ImpersonationError extends JobsApiError {
  readonly fault = 'terminal';
}

const ROLE = 'roles/iam.serviceAccountTokenCreator';

/**
 * The watchdog's account may not act as that one. Google says the same of an account that does not exist, to those
 * who may not know [google-github-actions/auth issue 340]. Nothing was sent to BigQuery.
 */
export class NotImpersonableError extends ImpersonationError {
  override readonly name = 'NotImpersonableError';
  readonly role = ROLE;

  constructor(failure: FailureAs) {
    const { account } = failure;
    const command = `gcloud iam service-accounts add-iam-policy-binding ${account} --member=serviceAccount:THE_WATCHDOGS --role=${ROLE}`;
    super(
      failure,
      `may not act as ${account}, or there is no such account; nothing was sent; to allow it: ${command}`,
    );
  }
}

/** Google knows no such service account. Nothing was sent to BigQuery. */
export class NoSuchAccountError extends ImpersonationError {
  override readonly name = 'NoSuchAccountError';

  constructor(failure: FailureAs) {
    super(
      failure,
      `there is no service account ${failure.account}; nothing was sent; look for who deleted it`,
    );
  }
}

/** IAM Credentials is switched off, or is not where it is looked for, or does not take the request. */
export class TokenRefusedError extends ImpersonationError {
  override readonly name = 'TokenRefusedError';

  constructor(failure: FailureAs, because: string) {
    super(failure, `nothing was sent, for ${because}`);
  }
}
