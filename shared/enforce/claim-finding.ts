import type { PurgeFinding } from '../judge/purge-verdict.ts';
import type { ClaimFinding } from '../ledger/ledger.ts';

/** Why a purge is done, as its claim has it. */
export function claimFinding({ policy, sentence }: PurgeFinding): ClaimFinding {
  return { policy, degree: 'crossed', action: 'purge', mode: 'enforce', sentence };
}
