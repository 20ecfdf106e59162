import type { JobTruth } from '../../simulator/truth.ts';
import { isGoogles, isNamed } from './oracle.ts';
import { type Planted, plantedIn, type SecretKind } from './planted.ts';
import type { FileDescription } from './policy-description.ts';
import { type PurgeDescription, type SensitiveDescription, waitOf } from './purge-description.ts';
import { covers, holds, isNobodysTable } from './true-match.ts';

// What the owner's file says of deleting a job that ended, by what is true of it and of what was hidden in it: written
// anew from the design, and sharing no code with the product.

/** A top-level job and its children of all generations, as they truly are. */
export interface TrueFamily {
  readonly root: JobTruth;
  readonly children: readonly JobTruth[];
}

export interface PurgeOpinion {
  readonly policy: PurgeDescription;
  readonly mode: 'enforce' | 'observe';
  readonly dueAtMs: number;
}

/** In the order of the file. Nothing of what runs still, or of a child by itself. */
export function purgeOpinions(file: FileDescription, family: TrueFamily, planted: Planted): PurgeOpinion[] {
  const { root } = family;
  const { endTimeMs } = root;
  if (root.state !== 'DONE' || endTimeMs === undefined || root.parentJobId !== undefined) return [];
  return (file.purges ?? []).flatMap((policy): PurgeOpinion[] => {
    if (!applies(policy, family) || !isSensitive(policy.sensitive, family, planted)) return [];
    const dueAtMs = endTimeMs + waitOf(policy, root.errors.length > 0);
    return [{ policy, mode: policy.mode ?? file.mode, dueAtMs }];
  });
}

/** Those that call for the act, whenever it is due. */
export function purging(file: FileDescription, family: TrueFamily, planted: Planted): PurgeOpinion[] {
  return purgeOpinions(file, family, planted).filter(({ mode }) => mode === 'enforce');
}

/** The match is about the job itself; what exempts one member exempts all. */
function applies(policy: PurgeDescription, { root, children }: TrueFamily): boolean {
  return (
    holds(policy.match, root) === true &&
    [root, ...children].every(
      (member) =>
        !isExemptByNature(policy, member) &&
        policy.except.every((selector) => holds(selector, member) === false),
    )
  );
}

function isExemptByNature(policy: PurgeDescription, job: JobTruth): boolean {
  const { principal = '', continuous, dryRun } = job;
  return (
    (isGoogles(principal) && !isNamed(policy, principal)) ||
    (continuous && policy.match.continuous !== true) ||
    (dryRun && policy.match.dryRun !== true)
  );
}

function isSensitive(
  sensitive: SensitiveDescription,
  { root, children }: TrueFamily,
  planted: Planted,
): boolean {
  return [root, ...children].some(
    (member) => hasSecret(sensitive, plantedIn(member, planted)) || isTaken(sensitive, member),
  );
}

function hasSecret({ detectors = [], patterns = {} }: SensitiveDescription, kinds: ReadonlySet<SecretKind>) {
  return [...detectors, ...Object.keys(patterns)].some((name) => [...kinds].some((kind) => kind === name));
}

/** By its labels, its principal, or the tables that it reads or writes. */
function isTaken({ labels, principals, datasets, tables }: SensitiveDescription, job: JobTruth): boolean {
  const touched = [...(job.referencedTables ?? []), ...(job.destinationTable ? [job.destinationTable] : [])];
  const named = touched.filter(({ datasetId }) => !isNobodysTable(datasetId));
  return (
    (labels !== undefined && Object.entries(labels).every(([key, glob]) => covers(glob, job.labels[key]))) ||
    (principals?.some((glob) => covers(glob, job.principal)) ?? false) ||
    named.some(({ projectId, datasetId, tableId }) => {
      const isOwn = projectId === job.projectId;
      const sets = [`${projectId}.${datasetId}`];
      const names = [`${projectId}.${datasetId}.${tableId}`, ...(isOwn ? [`${datasetId}.${tableId}`] : [])];
      return (
        (datasets?.some((glob) =>
          glob.includes('.') ? sets.some((name) => covers(glob, name)) : isOwn && covers(glob, datasetId),
        ) ??
          false) ||
        (tables?.some((glob) => names.some((name) => covers(glob, name))) ?? false)
      );
    })
  );
}
