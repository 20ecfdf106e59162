import { expect, test } from 'vitest';
import { Tally } from '../../demo/tally.ts';
import type { JobStep } from '../../shared/alert/alert.schema.ts';
import { jobAlert } from '../../shared/alert/job-alert.ts';

const NOW_MS = Date.UTC(2026, 7, 3, 9, 41);

function tallyOf(...told: readonly (readonly [policy: string, jobId: string, step: JobStep])[]): Tally {
  const tally = new Tally();
  for (const [policy, jobId, step] of told) {
    const finding = { policy, action: 'cancel', mode: 'enforce' } as const;
    const job = { name: { projectId: 'shop-prod', location: 'US', jobId }, state: 'RUNNING' } as const;
    tally.add(jobAlert({ step, job, finding, sentence: 'has run too long', atMs: NOW_MS }));
  }
  return tally;
}

test.each<readonly [string, readonly JobStep[], JobStep]>([
  [
    'could not be cancelled and stopped at last',
    ['cancelling', 'could-not-cancel', 'cancelled'],
    'cancelled',
  ],
  ['could not be cancelled and ended by itself', ['could-not-cancel', 'ended-first'], 'ended-first'],
  ['was undecided and then decided', ['undecided', 'cancelled'], 'cancelled'],
  ['could not be cancelled', ['cancelling', 'could-not-cancel'], 'could-not-cancel'],
])('a job that %s is counted by its end only', (_, steps, end) => {
  const tally = tallyOf(...steps.map((step) => ['short', 'j', step] as const));
  const ends: readonly JobStep[] = ['cancelled', 'ended-first', 'could-not-cancel', 'undecided'];
  expect(ends.filter((step) => tally.count(step, 'short') > 0)).toEqual([end]);
  expect(ends.filter((step) => tally.count(step) > 0)).toEqual([end]);
});

test('what came before the end is counted beside it', () => {
  const tally = tallyOf(['short', 'j', 'warned'], ['short', 'j', 'cancelled'], ['long', 'j', 'observed']);
  expect([tally.count('warned', 'short'), tally.count('observed'), tally.count('cancelled')]).toEqual([
    1, 1, 1,
  ]);
});
