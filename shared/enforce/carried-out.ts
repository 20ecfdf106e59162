import type { JobsApiError } from '../bigquery/errors.ts';
import type { Certificate, KeptBackBy } from '../ledger/ledger.ts';

/** What became of a purge that was due. */
export type CarriedOut =
  /** It is gone, with its children, and certified. */
  | { readonly kind: 'purged'; readonly certificate: Certificate }
  /** BigQuery was asked, and it is not seen to be gone yet: the claim says when to look. */
  | { readonly kind: 'asked' }
  /** Not now: the claim says when to look again. `error`: what BigQuery said. */
  | { readonly kind: 'kept-back'; readonly by: KeptBackBy; readonly error?: JobsApiError }
  /** BigQuery knows no such job, and it was not us who had it deleted. */
  | { readonly kind: 'not-found' }
  /** No policy wants it any more. */
  | { readonly kind: 'void' }
  /** It is not due, somebody else has it, or a look told nothing to go by. */
  | { readonly kind: 'left' };
