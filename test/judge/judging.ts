import type { Job, JobField } from '../../shared/job/job.ts';
import type { Facts } from '../../shared/judge/facts.ts';
import { judge } from '../../shared/judge/judge.ts';
import type { Verdict } from '../../shared/judge/verdict.ts';
import { readPolicies } from '../../shared/policy/read-policies.ts';

export const NOW_MS = Date.UTC(2026, 8, 1, 12, 0, 0);
export const MINUTE_MS = 60_000;

/** A query that has run for ten minutes, as `jobs.get` tells it. */
export function runningQuery(changes: Partial<Job> = {}): Job {
  return {
    name: { projectId: 'my-project', location: 'US', jobId: 'job_1' },
    state: 'RUNNING',
    type: 'QUERY',
    principal: 'ada@example.com',
    parent: null,
    creationTimeMs: NOW_MS - 11 * MINUTE_MS,
    startTimeMs: NOW_MS - 10 * MINUTE_MS,
    labels: new Map(),
    priority: 'INTERACTIVE',
    statementType: 'SELECT',
    dryRun: false,
    continuous: false,
    reservation: null,
    edition: null,
    referencedTables: [],
    destinationTable: null,
    slotMs: 1_000,
    estimatedBytes: 1_000,
    ...changes,
  };
}

/** The same job without some of its fields. */
export function without(job: Job, ...fields: readonly JobField[]): Job {
  const kept = Object.entries(job).filter(([key]) => !fields.some((field) => field === key));
  return { ...Object.fromEntries(kept), name: job.name, state: job.state };
}

/** Judges by policies in YAML (the list under `policies:`), in enforce mode unless they say otherwise. */
export function judged(policies: string, job: Job, facts: Partial<Facts> = {}): Verdict {
  const text = `version: 1\nmode: enforce\npolicies:\n${policies.replace(/^/gm, '  ')}`;
  const compiled = readPolicies(text, 'policies.yaml').policies;
  return judge(job, compiled, { nowMs: NOW_MS, lackedAtMs: [], looked: true, ...facts });
}
