import type { Job } from '../job/job.ts';
import type { JobName } from '../job/job-name.ts';
import { judgeRetry } from '../judge/judge-retry.ts';
import type { RetryVerdict } from '../judge/retry-verdict.ts';
import type { Policies } from '../policy/policy.ts';
import { agreedNow } from './agreed-now.ts';
import { type Chain, chainOf } from './chain-of.ts';
import type { Span } from './ports.ts';
import type { RetryPorts } from './retry-ports.ts';
import { isOfSameProject } from './second-look.ts';
import { hasFailed, lookAtWhole, type WholeLook } from './whole-look.ts';

/** What a look at a failed job told, judged by the policies then in force at BigQuery's own time. */
export interface FailureLook extends WholeLook {
  readonly kind: 'judged';
  /** The job that the chain began with: what is run again, and whom people are told of. The same one, if it is it. */
  readonly root: WholeLook;
  readonly chain: Chain;
  readonly policies: Policies;
  readonly verdict: RetryVerdict;
  /** By BigQuery's clock. */
  readonly nowMs: number;
  /** How far our own clock stood beyond that when the answer came: what to add to a time of BigQuery's. */
  readonly aheadMs: number;
}

export type LookedFailure =
  | FailureLook
  /** It runs still, or succeeded. `chain.held`: it is an attempt of ours. */
  | { readonly kind: 'not-failed'; readonly look: WholeLook; readonly chain: Chain }
  /** `jobs.get` answers 404. */
  | { readonly kind: 'gone' }
  /** It is an attempt's job, and `jobs.get` knows the job that its chain began with no more. */
  | { readonly kind: 'root-gone'; readonly look: WholeLook; readonly chain: Chain }
  /** It is a script's child: the script is to be looked at in its stead. */
  | { readonly kind: 'child'; readonly parent: JobName }
  /** The clocks disagree, or BigQuery told no time: nothing may be judged. People were told. */
  | { readonly kind: 'no-time' };

/**
 * `jobs.get` of the whole, then the chain that it belongs to, then the verdict.
 *
 * @throws the errors of `bigquery/errors.ts` but NotFoundError, and of `ledger/errors.ts`; a ForbiddenError has been
 * alerted
 */
export async function lookAtFailure(name: JobName, span: Span, ports: RetryPorts): Promise<LookedFailure> {
  const look = await lookAtWhole(name, span, ports);
  if (!look) return { kind: 'gone' };
  const { parent } = look.job;
  if (parent) return isOfSameProject(parent, name) ? { kind: 'child', parent } : { kind: 'gone' };
  const nowMs = await agreedNow(look, ports);
  if (nowMs === undefined) return { kind: 'no-time' };
  const chain = await chainOf(look, nowMs, span, ports);
  if (!hasFailed(look)) return { kind: 'not-failed', look, chain };
  const root = chain.attemptsMade === 0 ? look : await lookAtWhole(chain.root, span, ports);
  if (!root) return { kind: 'root-gone', look, chain };
  return judgedFailure({ root, failed: look, chain, nowMs }, await ports.policies.latest());
}

/** A failure of a chain, as looked at. */
export interface Failure {
  readonly root: WholeLook;
  /** The root itself, or the job of the last attempt. */
  readonly failed: WholeLook;
  readonly chain: Chain;
  readonly nowMs: number;
}

export function judgedFailure({ root, failed, chain, nowMs }: Failure, policies: Policies): FailureLook {
  const aheadMs = failed.receivedAtMs - (failed.dateMs ?? nowMs);
  const verdict = verdictOn(root, failed, { ...chain, nowMs }, policies);
  return { ...failed, kind: 'judged', root, chain, policies, verdict, nowMs, aheadMs };
}

/**
 * The failure of an attempt is judged as if the root had failed so: the root is what its user made and the policies
 * speak of, whatever guards and labels an attempt was given.
 */
export function verdictOn(
  root: Pick<WholeLook, 'job' | 'facts'>,
  failed: Pick<WholeLook, 'job' | 'facts'>,
  chain: Pick<Chain, 'attemptsMade' | 'rootEndedAtMs'> & { readonly nowMs: number },
  policies: Policies,
): RetryVerdict {
  const { error } = failed.job;
  const { error: _, ...rest } = root.job;
  const job: Job = { ...rest, state: failed.job.state, ...(error !== undefined && { error }) };
  return judgeRetry(job, { ...root.facts, errors: failed.facts.errors }, policies, chain);
}
