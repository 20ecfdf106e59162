import type { PurgeFinding } from '../judge/purge-verdict.ts';
import type { Claim, PurgeDetails } from '../ledger/ledger.ts';
import type { JudgedFamily } from './purge-look.ts';
import type { PurgePorts } from './purge-ports.ts';

/**
 * The findings for which a family is to be deleted on this account, those due first before others. The clean-up of
 * history deletes for policies alone that give it a budget; what a person has stopped is theirs, too.
 *
 * @param claim what was asked for by it already is gone on with
 */
export function findingsOf(
  by: PurgeDetails['by'],
  { verdict: { findings }, policies }: JudgedFamily,
  ports: Pick<PurgePorts, 'policies'>,
  claim?: Pick<Claim, 'askedAtMs' | 'policy'>,
): readonly PurgeFinding[] {
  const acting = findings.filter(
    ({ policy, mode }) => mode === 'enforce' || ports.policies.isStopped(policy),
  );
  if (by !== 'history') return acting;
  const asked = claim && claim.askedAtMs.length > 0 ? claim.policy : undefined;
  return acting.filter(
    ({ policy }) =>
      policy === asked || policies.purge.some(({ name, rule }) => name === policy && rule.history),
  );
}
