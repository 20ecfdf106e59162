import fc from 'fast-check';
import type { JobName } from '../../shared/job/job-name.ts';

const word = (pattern: RegExp) => fc.stringMatching(pattern);

export const projectIds = fc.oneof(
  word(/^[a-z][a-z0-9-]{4,20}[a-z0-9]$/),
  word(/^[a-z]{2,8}\.(?:com|org):[a-z][a-z0-9-]{0,8}$/),
  word(/^[1-9][0-9]{9,11}$/),
);
export const locations = fc.constantFrom(
  'US',
  'EU',
  'europe-west2',
  'us-east1',
  'asia-northeast1',
  'aws-us-east-1',
);
/** No `script_job_` among them: such an id is read as a child's. */
export const jobIds = fc
  .oneof(word(/^[A-Za-z0-9_-]{1,40}$/), fc.constantFrom('bquijob_1a_2b', '__proto__', '-', 'a'.repeat(1024)))
  .filter((id) => !id.startsWith('script_job_'));

export const jobNames: fc.Arbitrary<JobName> = fc.record(
  { projectId: projectIds, location: locations, jobId: jobIds },
  { requiredKeys: ['projectId', 'jobId'] },
);
