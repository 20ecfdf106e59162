import type { JobTruth } from '../../simulator/truth.ts';
import type { TrueFamily } from './purge-oracle.ts';

/** A job with its children of all generations; undefined where it is not there. */
export function familyIn(truths: ReadonlyMap<string, JobTruth>, job: string): TrueFamily | undefined {
  const root = truths.get(job);
  if (!root) return undefined;
  const all = [...truths.values()].filter(
    ({ projectId, location, parentJobId }) =>
      parentJobId !== undefined && projectId === root.projectId && location === root.location,
  );
  const children: JobTruth[] = [];
  for (let parents = [root]; parents.length > 0; ) {
    const ids = new Set(parents.map(({ jobId }) => jobId));
    parents = all.filter(({ parentJobId }) => parentJobId !== undefined && ids.has(parentJobId));
    children.push(...parents);
  }
  return { root, children };
}
