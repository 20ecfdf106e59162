import { type Failure, JobsApiError } from './errors.ts';

/** A call that was to be made as a service account. */
export type FailureAs = Failure & { readonly account: string };

const ROLE = 'roles/iam.serviceAccountTokenCreator';

/**
 * The watchdog's account may not act as that one. Google says the same of an account that does not exist, to those
 * who may not know [google-github-actions/auth issue 340]. Nothing was sent to BigQuery.
 */
export class NotImpersonableError extends JobsApiError {
  override readonly name = 'NotImpersonableError';
  readonly fault = 'terminal';
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
export class NoSuchAccountError extends JobsApiError {
  override readonly name = 'NoSuchAccountError';
  readonly fault = 'terminal';

  constructor(failure: FailureAs) {
    super(
      failure,
      `there is no service account ${failure.account}; nothing was sent; look for who deleted it`,
    );
  }
}
