import type { JobTruth } from '../../simulator/truth.ts';
import type { FileDescription, PolicyDescription, PricingDescription } from './policy-description.ts';
import { averagedOverMs, estimatedUsd, projectedUsd, slotsUsd } from './true-cost.ts';
import { covers, holds } from './true-match.ts';

/**
 * What the owner's file says of a job as it truly is: written anew, from the design, and sharing no code
 * with the product's judge.
 */
export interface Opinion {
  readonly policy: PolicyDescription;
  readonly degree: 'warned' | 'crossed';
  /** It is to be cancelled: enforced, and of a kind that can be stopped. */
  readonly acts: boolean;
  readonly mode: 'enforce' | 'observe';
}

/** In the order of the file. Nothing for a job that is over, or a script's child. */
export function opinionsOf(file: FileDescription, job: JobTruth, nowMs: number): Opinion[] {
  if (job.state === 'DONE' || job.parentJobId !== undefined) return [];
  return file.policies.flatMap((policy): Opinion[] => {
    if (!applies(policy, job)) return [];
    const degree = degreeOf(policy, job, nowMs, file.pricing);
    if (degree === undefined) return [];
    const mode = policy.mode ?? file.mode;
    const acts =
      degree === 'crossed' && policy.action === 'cancel' && mode === 'enforce' && job.type !== 'COPY';
    return [{ policy, degree, acts, mode }];
  });
}

/** The policies that call for the act, in the order of the file: each acts where the breakers before it are open. */
export function actingPolicies(
  file: FileDescription,
  job: JobTruth,
  nowMs: number,
): readonly PolicyDescription[] {
  return opinionsOf(file, job, nowMs).flatMap(({ acts, policy }) => (acts ? [policy] : []));
}

/** The policy whose act follows, if any, as long as no breaker is open: the first of the file that acts. */
export function actingPolicy(
  file: FileDescription,
  job: JobTruth,
  nowMs: number,
): PolicyDescription | undefined {
  return actingPolicies(file, job, nowMs)[0];
}

export function applies(policy: PolicyDescription, job: JobTruth): boolean {
  if (isGoogles(job.principal ?? '') && !isNamed(policy, job.principal ?? '')) return false;
  if (job.continuous && policy.match.continuous !== true) return false;
  if (job.dryRun && policy.match.dryRun !== true) return false;
  return (
    holds(policy.match, job) === true && policy.except.every((selector) => holds(selector, job) === false)
  );
}

const OF_GOOGLE = ['system.gserviceaccount.com', 'bigquery-encryption.iam.gserviceaccount.com'];

/** Service agents by the forms that Google documents for them. */
export function isGoogles(principal: string): boolean {
  const [account = '', domain = ''] = principal.toLowerCase().split('@');
  if (OF_GOOGLE.includes(domain) || domain === 'firebase-sa-management.iam.gserviceaccount.com') return true;
  if (domain === 'cloudservices.gserviceaccount.com') return /^\d+$/.test(account);
  if (!domain.endsWith('.iam.gserviceaccount.com')) return false;
  return domain.startsWith('gcp-sa-') || /^service-((org|folder|project)-)?\d+$/.test(account);
}

/** By something of the account's own name, or by its whole domain. */
export function isNamed({ match }: Pick<PolicyDescription, 'match'>, principal: string): boolean {
  return (match.principals ?? []).some((glob) => {
    if (!covers(glob, principal)) return false;
    const domain = principal.slice(principal.indexOf('@') + 1).toLowerCase();
    const [before = '', after] = glob.toLowerCase().split('@');
    return (
      glob.toLowerCase().endsWith(domain) ||
      (after === undefined ? !covers(glob, `-@${domain}`) : /[a-z0-9]/.test(before))
    );
  });
}

function degreeOf(
  policy: PolicyDescription,
  job: JobTruth,
  nowMs: number,
  pricing: PricingDescription = {},
): Opinion['degree'] | undefined {
  const limits = Object.entries(policy.limits);
  if (limits.length === 0) return 'crossed';
  let warned = false;
  for (const [key, allowed] of limits) {
    const used = usedOf(key, job, nowMs, { pricing, byEstimate: policy.byEstimate === true });
    if (used === undefined) continue;
    if (used > allowed) return 'crossed';
    if (policy.warnAtPercent !== undefined && used * 100 >= allowed * policy.warnAtPercent) warned = true;
  }
  return warned ? 'warned' : undefined;
}

/** What amounts in money are counted by. */
export interface Terms {
  readonly pricing: PricingDescription;
  readonly byEstimate: boolean;
}

/** How much of a limit a job has used by then; undefined where it has no such measure in its state. */
export function usedOf(limit: string, job: JobTruth, nowMs: number, terms: Terms): number | undefined {
  const isRunning = job.state === 'RUNNING';
  switch (limit) {
    case 'runtime':
      return isRunning && job.startTimeMs !== undefined ? nowMs - job.startTimeMs : undefined;
    case 'pending':
      return job.state === 'PENDING' ? nowMs - job.creationTimeMs : undefined;
    case 'slotTime':
      return isRunning && job.type !== 'COPY' ? job.slotMs : undefined;
    case 'averageSlots':
      return isRunning && job.type !== 'COPY' ? job.slotMs / averagedOverMs(job, nowMs) : undefined;
    case 'estimatedBytes':
      return job.type === 'QUERY' ? job.estimatedBytes : undefined;
    case 'processedBytes':
      return isRunning && job.type === 'QUERY' && !job.dryRun ? job.bytesProcessed : undefined;
    // While a job waits nobody can know whether it is charged by its bytes, and it has used no slots.
    case 'cost':
      return isRunning ? costOf(job, terms) : undefined;
    case 'projectedCost':
      return isRunning ? projectedUsd(job, nowMs, terms.pricing) : undefined;
    default:
      return undefined;
  }
}

/** On demand nothing is known to be spent while a query runs: only an estimate may be gone by. */
function costOf(job: JobTruth, { pricing, byEstimate }: Terms): number | undefined {
  return slotsUsd(job, pricing) ?? (byEstimate ? estimatedUsd(job, pricing) : undefined);
}
