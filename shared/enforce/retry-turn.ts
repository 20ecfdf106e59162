import type { Claim, SlotScope } from '../ledger/ledger.ts';
import type { RetryPolicy } from '../policy/policy.ts';
import type { RetryCaps } from '../retry/retry-rule.ts';
import { slotGate } from './breaker.ts';
import type { EnforcePorts } from './ports.ts';

const HOUR_MS = 3_600_000;

/**
 * A turn to insert: of the caps first, so that what waits for them does not trip the breaker, then of the breaker
 * (rule 8). A claim that has one keeps it. Whoever gets none has given back what it took.
 */
export async function takeTurn(
  policy: RetryPolicy,
  claim: Claim,
  principal: string,
  ports: EnforcePorts,
): Promise<'taken' | 'capped' | 'breaker-open'> {
  for (const { scope, acts } of capsOf(claim, principal, policy.rule.caps)) {
    if ((await ports.ledger.takeSlot(scope, claim.key, acts, HOUR_MS)) === 'taken') continue;
    await giveTurnBack(policy, claim, principal, ports);
    return 'capped';
  }
  if ((await slotGate(ports).admit(policy, claim.key, claim.job)) === 'admitted') return 'taken';
  await giveTurnBack(policy, claim, principal, ports);
  return 'breaker-open';
}

/** Nothing was inserted: others may have the turn. */
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
