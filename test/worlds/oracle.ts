import type { JobTruth } from '../../simulator/truth.ts';
import type { FileDescription, PolicyDescription, SelectorDescription } from './policy-description.ts';

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
    const degree = degreeOf(policy, job, nowMs);
    if (degree === undefined) return [];
    const mode = policy.mode ?? file.mode;
    const acts =
      degree === 'crossed' && policy.action === 'cancel' && mode === 'enforce' && job.type !== 'COPY';
    return [{ policy, degree, acts, mode }];
  });
}

/** The policy whose act follows, if any: the first of the file that acts. */
export function actingPolicy(
  file: FileDescription,
  job: JobTruth,
  nowMs: number,
): PolicyDescription | undefined {
  return opinionsOf(file, job, nowMs).find(({ acts }) => acts)?.policy;
}

export function applies(policy: PolicyDescription, job: JobTruth): boolean {
  if (isGoogles(job.principal ?? '') && !isNamed(policy, job.principal ?? '')) return false;
  if (job.continuous && policy.match.continuous !== true) return false;
  if (job.dryRun && policy.match.dryRun !== true) return false;
  return holds(policy.match, job) && !policy.except.some((selector) => holds(selector, job));
}

const OF_GOOGLE = ['system.gserviceaccount.com', 'bigquery-encryption.iam.gserviceaccount.com'];

/** Service agents by the forms that Google documents for them. */
function isGoogles(principal: string): boolean {
  const [account = '', domain = ''] = principal.toLowerCase().split('@');
  if (OF_GOOGLE.includes(domain) || domain === 'firebase-sa-management.iam.gserviceaccount.com') return true;
  if (domain === 'cloudservices.gserviceaccount.com') return /^\d+$/.test(account);
  if (!domain.endsWith('.iam.gserviceaccount.com')) return false;
  return domain.startsWith('gcp-sa-') || /^service-((org|folder|project)-)?\d+$/.test(account);
}

/** By something of the account's own name, or by its whole domain. */
function isNamed({ match }: PolicyDescription, principal: string): boolean {
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

function holds(selector: SelectorDescription, job: JobTruth): boolean {
  const { projects, locations, principals, labels, jobTypes, priority, continuous, dryRun } = selector;
  const type: string = job.type;
  return (
    (projects === undefined || projects.some((glob) => covers(glob, job.projectId))) &&
    (locations === undefined || locations.some((one) => one.toLowerCase() === job.location.toLowerCase())) &&
    (principals === undefined || principals.some((glob) => covers(glob, job.principal ?? ''))) &&
    Object.entries(labels ?? {}).every(([key, glob]) => covers(glob, job.labels[key])) &&
    (jobTypes === undefined || jobTypes.some((one) => one === type)) &&
    (priority === undefined || job.priority === priority) &&
    (continuous === undefined || job.continuous) &&
    (dryRun === undefined || job.dryRun)
  );
}

function covers(glob: string, text: string | undefined): boolean {
  if (text === undefined) return false;
  const parts = glob.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'is').test(text);
}

function degreeOf(policy: PolicyDescription, job: JobTruth, nowMs: number): Opinion['degree'] | undefined {
  const limits = Object.entries(policy.limits);
  if (limits.length === 0) return 'crossed';
  let warned = false;
  for (const [key, allowed] of limits) {
    const used = usedOf(key, job, nowMs);
    if (used === undefined) continue;
    if (used > allowed) return 'crossed';
    if (policy.warnAtPercent !== undefined && used * 100 >= allowed * policy.warnAtPercent) warned = true;
  }
  return warned ? 'warned' : undefined;
}

/** How much of a limit a job has used by then; undefined where it has no such measure in its state. */
export function usedOf(limit: string, job: JobTruth, nowMs: number): number | undefined {
  switch (limit) {
    case 'runtime':
      return job.state === 'RUNNING' && job.startTimeMs !== undefined ? nowMs - job.startTimeMs : undefined;
    case 'pending':
      return job.state === 'PENDING' ? nowMs - job.creationTimeMs : undefined;
    case 'slotTime':
      return job.state === 'RUNNING' && job.type !== 'COPY' ? job.slotMs : undefined;
    case 'estimatedBytes':
      return job.type === 'QUERY' ? job.estimatedBytes : undefined;
    default:
      return undefined;
  }
}
