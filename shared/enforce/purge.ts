import type { Certificate, Claim, KeptBackBy } from '../ledger/ledger.ts';
import type { Span } from './ports.ts';
import type { PurgePorts } from './purge-ports.ts';

/** What became of a purge that was due. */
export type CarriedOut =
  /** It is gone, with its children, and certified. */
  | { readonly kind: 'purged'; readonly certificate: Certificate }
  /** BigQuery was asked, and it is not seen to be gone yet: the claim says when to look. */
  | { readonly kind: 'asked' }
  /** Not now: the claim says when to look again. */
  | { readonly kind: 'kept-back'; readonly by: KeptBackBy }
  /** BigQuery knows no such job, and it was not us who had it deleted. */
  | { readonly kind: 'not-found' }
  /** No policy wants it any more, or somebody's dry run. */
  | { readonly kind: 'void' }
  /** It is not due, somebody else has it, or a look told nothing to go by. */
  | { readonly kind: 'left' };

/**
 * Goes on with a claim that wants attention (`dueClaims`): deletes what is due, or sees whether what was deleted is gone.
 * A claim that is not due yet, or that somebody else has, is left as it stands.
 *
 * @throws the errors of `bigquery/errors.ts`, and of `ledger/errors.ts`; the claim is due again then
 */
export async function carryOutPurge(_due: Claim, _span: Span, _ports: PurgePorts): Promise<CarriedOut> {
  return { kind: 'left' };
}
