import type { PurgeFinding } from '../judge/purge-verdict.ts';
import type { KeptBackBy, SlotScope } from '../ledger/ledger.ts';
import type { PurgePolicy } from '../policy/policy.ts';
import { isOpen, takeSlot } from './breaker.ts';
import type { DuePurge } from './due-purge.ts';
import { findingsOf } from './purge-budget.ts';
import type { JudgedFamily } from './purge-look.ts';
import type { PurgePorts } from './purge-ports.ts';

export type PurgeTurn =
  /** It may be deleted, for this finding. */
  | { readonly kind: 'turn'; readonly finding: PurgeFinding; giveBack(): Promise<void> }
  | { readonly kind: 'none'; readonly by: Extract<KeptBackBy, 'breaker-open' | 'capped'> };

const NOTHING_TAKEN = async (): Promise<void> => undefined;

/**
 * Takes a slot (rule 8) of the first policy that wants it deleted by now and has one left: a policy whose breaker is
 * open bars no other. The clean-up of history has a budget of its own, in place of the breaker's slots, so that it
 * neither trips a breaker nor takes room from what ends now. A person confirmed how many go.
 */
export async function takeTurn(judged: JudgedFamily, due: DuePurge, ports: PurgePorts): Promise<PurgeTurn> {
  const { look, policies } = judged;
  const acting = findingsOf(due.by, judged, ports, due.held.claim);
  const wanting = acting.filter(({ mode, dueAtMs }) => mode === 'enforce' && dueAtMs <= look.nowMs);
  const [first] = wanting;
  if (due.by === 'hand' && first) return { kind: 'turn', finding: first, giveBack: NOTHING_TAKEN };
  let by: 'breaker-open' | 'capped' = 'breaker-open';
  for (const finding of wanting) {
    const policy = policies.purge.find(({ name }) => name === finding.policy);
    if (!policy) continue;
    const taken = await takeOf(policy, due, ports);
    if (taken === 'breaker-open' || taken === 'capped') by = taken;
    else return { kind: 'turn', finding, giveBack: taken };
  }
  return { kind: 'none', by };
}

/** Resolves to what gives it back. */
async function takeOf(
  policy: PurgePolicy,
  { held: { claim }, by }: DuePurge,
  ports: PurgePorts,
): Promise<'breaker-open' | 'capped' | (() => Promise<void>)> {
  const { ledger, verb } = ports;
  if (await isOpen(policy, ports)) return 'breaker-open';
  // Asking again is part of the same act.
  if (claim.askedAtMs.length > 0 && claim.policy === policy.name) return NOTHING_TAKEN;
  const giving = (scope: SlotScope) => () => ledger.freeSlot(scope, claim.key);
  if (by !== 'history') {
    const taken = await takeSlot(policy, claim.key, ports);
    return taken === 'open' ? 'breaker-open' : giving({ verb, policy: policy.name });
  }
  const { history } = policy.rule;
  if (!history) return 'capped';
  const scope: SlotScope = { verb, cap: 'history', of: policy.name };
  const taken = await ledger.takeSlot(scope, claim.key, history.acts, history.perMs);
  return taken === 'none-left' ? 'capped' : giving(scope);
}
