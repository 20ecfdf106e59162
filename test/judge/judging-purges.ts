import { readJob } from '../../shared/job/from-rest.ts';
import { readRerunFacts } from '../../shared/job/rerun-facts.ts';
import type { Family, Member } from '../../shared/judge/family.ts';
import { judgePurge, type PurgeFacts } from '../../shared/judge/judge-purge.ts';
import type { PurgeVerdict } from '../../shared/judge/purge-verdict.ts';
import { NO_HOLDS } from '../../shared/policy/holds/holds.ts';
import { readHolds } from '../../shared/policy/holds/read-holds.ts';
import { readPolicies } from '../../shared/policy/read-policies.ts';

type Json = Readonly<Record<string, unknown>>;

/** What makes a job of a test another than `jobResource` has it. */
export interface JobParts {
  readonly jobId?: string;
  readonly sql?: string;
  readonly query?: Json;
  readonly configuration?: Json;
  readonly statistics?: Json;
  readonly status?: Json;
  /** Of the job, such as `user_email`. */
  readonly own?: Json;
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const ENDED_AT_MS = Date.UTC(2026, 8, 1, 12, 0, 0);
export const CARD = '4111 1111 1111 1111';

/** A query of a person that succeeded, as `jobs.get` gives it. */
export function jobResource({
  jobId = 'job_1',
  sql = 'SELECT 1',
  query = {},
  configuration = {},
  statistics = {},
  status = {},
  own = {},
}: JobParts = {}): Json {
  return {
    jobReference: { projectId: 'shop', location: 'US', jobId },
    user_email: 'ada@example.com',
    configuration: { jobType: 'QUERY', query: { query: sql, ...query }, ...configuration },
    statistics: {
      creationTime: String(ENDED_AT_MS - HOUR_MS),
      startTime: String(ENDED_AT_MS - HOUR_MS),
      endTime: String(ENDED_AT_MS),
      query: { statementType: 'SELECT' },
      ...statistics,
    },
    status: { state: 'DONE', ...status },
    ...own,
  };
}

export const FAILED = { errorResult: { reason: 'backendError', message: 'x' } };

export function member(parts: JobParts = {}): Member {
  const resource = jobResource(parts);
  return { job: readJob(resource), resource };
}

export function family(root: JobParts, ...children: readonly JobParts[]): Family {
  const { job, resource } = member(root);
  return {
    root: { job, resource },
    facts: readRerunFacts(resource),
    children: children.map((child, at) => member({ jobId: `script_job_${at + 1}`, ...child })),
  };
}

/** Policies in YAML (the list under `policies:`), in enforce mode unless they say otherwise. */
export function policiesOf(policies: string) {
  const text = `version: 1\nmode: enforce\npolicies:\n${policies.replace(/^/gm, '  ')}\n`;
  return readPolicies(text, 'policies.yaml').policies;
}

/** Holds in YAML (the list under `holds:`). */
export function holdsOf(holds: string) {
  return readHolds(`version: 1\nholds:\n${holds.replace(/^/gm, '  ')}\n`, 'holds.yaml');
}

export function judged(policies: string, of: Family, facts: Partial<PurgeFacts> = {}): PurgeVerdict {
  return judgePurge(of, policiesOf(policies), {
    nowMs: ENDED_AT_MS,
    holds: NO_HOLDS,
    chain: { kind: 'none' },
    ...facts,
  });
}
