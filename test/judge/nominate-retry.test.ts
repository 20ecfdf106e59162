import { describe, expect, test } from 'vitest';
import { readListItem } from '../../shared/job/from-rest.ts';
import type { Job } from '../../shared/job/job.ts';
import { mayBeAnswered } from '../../shared/judge/nominate-retry.ts';
import { readPolicies } from '../../shared/policy/read-policies.ts';
import { REASONS } from '../../shared/retry/reasons.ts';
import { failedResource, type Parts } from '../retry/failed-jobs.ts';
import { judged, SELECT } from './judging-retries.ts';

const POLICY = `- { name: a, match: { principals: "etl@*", labels: { team: data } }, retry: {} }`;
const DATA = { ...SELECT, configuration: { ...SELECT.configuration, labels: { team: 'data' } } };

function policiesOf(policies: string) {
  return readPolicies(`version: 1\nmode: enforce\npolicies:\n  ${policies}\n`, 'policies.yaml').policies;
}

/** A failed job as a list tells it. */
const listed = (parts: Parts): Job => readListItem(failedResource(parts));
const nominates = (job: Job, policies = POLICY): boolean => mayBeAnswered(job, policiesOf(policies));

describe('a failed job is looked at', () => {
  test.each<[string, Job]>([
    ['when a policy answers its failure', listed(DATA)],
    ['when the list does not tell what the policy wants', listed({ ...DATA, configuration: {} })],
    ['when nobody tells the reason, as in an entry', { ...listed(DATA), error: {} }],
    [
      'when the list may not tell whose it is, and so shows no error',
      readListItem({
        ...failedResource({ configuration: {}, status: { errorResult: undefined } }),
        user_email: undefined,
      }),
    ],
    [
      'when nobody tells whether it failed',
      { name: listed(DATA).name, state: 'DONE', principal: listed(DATA).principal ?? '' },
    ],
  ])('%s', (_name, job) => {
    expect(nominates(job)).toBe(true);
  });

  test('also when it is to be refused, for people are told why', () => {
    const policy = `- { name: a, match: { projects: my-project }, retry: {} }`;
    expect(nominates(listed({ ...DATA, user_email: 'ada@example.com' }), policy)).toBe(true);
  });
});

describe('a failed job costs no look', () => {
  test.each<[string, Parts]>([
    ['of an account that the policy does not match', { ...DATA, user_email: 'ada@example.com' }],
    ['with other labels', { ...DATA, configuration: { ...DATA.configuration, labels: { team: 'web' } } }],
    ['with a reason that comes again', { ...DATA, status: { errorResult: { reason: 'invalidQuery' } } }],
    ['that was cancelled', { ...DATA, status: { errorResult: { reason: 'stopped' } } }],
    ['that did not fail', { ...DATA, status: { errorResult: undefined } }],
    ['that has not ended', { ...DATA, status: { state: 'RUNNING' } }],
  ])('%s', (_name, parts) => {
    expect(nominates(listed(parts))).toBe(false);
  });

  test('where no policy has a retry', () => {
    expect(mayBeAnswered(listed(DATA), { retry: [] })).toBe(false);
  });

  test('that an except names', () => {
    expect(
      nominates(listed(DATA), POLICY.replace('retry:', 'except: { labels: { team: data } }, retry:')),
    ).toBe(false);
  });
});

test.each([...REASONS.keys(), 'newReason'])(
  'of a failure with %s, a list acquits only what a look would not answer',
  (reason) => {
    const parts = { ...DATA, status: { errorResult: { reason, message: 'x' } } };
    const policies = [POLICY, POLICY.replace('retry: {}', 'retry: { reasons: [quotaExceeded, badRequest] }')];
    for (const policy of policies) {
      const { act, refusal } = judged(policy, parts);
      expect(nominates(listed(parts), policy)).toBe(act !== undefined || refusal !== undefined);
    }
  },
);
