import type { Claim, SlotScope } from '../ledger/ledger.ts';
import type { RetryPolicy } from '../policy/policy.ts';
import type { RetryCaps } from '../retry/retry-rule.ts';
import type { EnforcePorts } from './ports.ts';

const HOUR_MS = 3_600_000;

/**
 * A place within the caps, whoever else waits for one. A claim that has it keeps it. Whoever gets none has given back
 * what it took. Taken before the breaker is asked, lest what only waits for a cap trip it.
 */
export async function takeCaps(
  policy: RetryPolicy,
  claim: Claim,
  principal: string,
  ports: EnforcePorts,
): Promise<'taken' | 'capped'> {
  for (const { scope, acts } of capsOf(claim, principal, policy.rule.caps)) {
    if ((await ports.ledger.takeSlot(scope, claim.key, acts, HOUR_MS)) === 'taken') continue;
    await giveTurnBack(policy, claim, principal, ports);
    return 'capped';
  }
  return 'taken';
}

/** Nothing was inserted: others may have its place within the caps, and its slot of the breaker. */
export async function giveTurnBack(
  { name, rule }: RetryPolicy,
  claim: Claim,
  principal: string,
  { ledger, verb }: EnforcePorts,
): Promise<void> {
  const scopes: SlotScope[] = capsOf(claim, principal, rule.caps).map(({ scope }) => scope);
  for (const scope of [...scopes, { verb, policy: name }]) await ledger.freeSlot(scope, claim.key);
}

function capsOf(
  { verb, job }: Claim,
  principal: string,
  { perProjectPerHour, perPrincipalPerHour }: RetryCaps,
): readonly { readonly scope: SlotScope; readonly acts: number }[] {
  return [
    { scope: { verb, cap: 'project', of: job.projectId }, acts: perProjectPerHour },
    { scope: { verb, cap: 'principal', of: principal }, acts: perPrincipalPerHour },
  ];
}
