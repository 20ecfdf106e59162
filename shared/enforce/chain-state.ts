import type { ChainState } from '../judge/judge-purge.ts';
import type { Claim } from '../ledger/ledger.ts';
import type { Policies } from '../policy/policy.ts';
import { type Chain, chainOf } from './chain-of.ts';
import type { Span } from './ports.ts';
import type { PurgePorts } from './purge-ports.ts';
import { hasFailed, lookToCompare, type WholeLook } from './whole-look.ts';

/**
 * What the ledger and BigQuery know of the chain of retries that a job belongs to (design, rule 6): the job that a chain
 * began with goes after the chain, and before its attempts.
 *
 * @throws the errors of `bigquery/errors.ts` but NotFoundError, and of `ledger/errors.ts`
 */
export async function chainStateOf(
  look: WholeLook,
  nowMs: number,
  policies: Pick<Policies, 'retry'>,
  span: Span,
  ports: PurgePorts,
): Promise<ChainState> {
  const chain = await chainOf(look, nowMs, span, { ...ports, verb: 'retry' });
  if (chain.attemptsMade > 0) return stateOfAttempt(chain, nowMs, policies, span, ports);
  return hasFailed(look) ? stateOfRoot(chain, nowMs, ports) : { kind: 'none' };
}

/** Once the job that it repeats is gone nothing is repeated any more. */
async function stateOfAttempt(
  { root, rootEndedAtMs, held }: Chain,
  nowMs: number,
  { retry }: Pick<Policies, 'retry'>,
  span: Span,
  ports: PurgePorts,
): Promise<ChainState> {
  // Where the ledger was lost, the policies of now say how long the chain may go on.
  const longestMs = Math.max(0, ...retry.map(({ rule }) => rule.deadlineMs));
  const untilMs = held?.claim.retry?.deadlineAtMs ?? rootEndedAtMs + longestMs;
  const waitsMs = await originWaitsMs(root, nowMs, ports);
  const lastMs = Math.max(untilMs, waitsMs);
  if (lastMs <= nowMs || !(await lookToCompare(root, span, ports))) return { kind: 'over' };
  return { kind: 'origin-stands', untilMs: lastMs };
}

const MINUTE_MS = 60_000;

/**
 * Until when the origin is to be purged itself, at the least: its attempts go after it, however late that is. What
 * keeps it is not asked for more often than it is looked at itself.
 */
async function originWaitsMs(root: Chain['root'], nowMs: number, ports: PurgePorts): Promise<number> {
  const purge = await ports.ledger.claim(root, 'purge', 1);
  if (!purge?.claim.purge || (purge.claim.state !== 'claimed' && purge.claim.state !== 'asked')) return 0;
  return Math.max(purge.claim.purge.dueAtMs, purge.claim.lookAtMs ?? 0, nowMs + MINUTE_MS);
}

async function stateOfRoot({ root }: Chain, nowMs: number, ports: PurgePorts): Promise<ChainState> {
  let last: Claim | undefined;
  for (let attempt = 1; ; attempt++) {
    const held = await ports.ledger.claim(root, 'retry', attempt);
    if (!held) break;
    last = held.claim;
  }
  if (!last?.retry || (last.state === 'void' && last.attempt === 1)) return { kind: 'none' };
  const untilMs = last.retry.deadlineAtMs;
  if (last.state === 'ended') return { kind: 'over' };
  // Its own deadline is that of the policy it was scheduled for; another one may still have it run again.
  return untilMs <= nowMs ? { kind: 'none' } : { kind: 'under-way', untilMs };
}
