import { expect, test } from 'vitest';
import type { RetryPorts } from '../../../shared/enforce/retry-ports.ts';
import type { Job } from '../../../shared/job/job.ts';
import type { UnreadJob } from '../../../shared/job/unread-job.ts';
import {
  alertsWith,
  ETL,
  etlPolicy,
  HOUR_MS,
  inserted,
  MINUTE_MS,
  nameOf,
  type Retrying,
  SECRET,
  START_MS,
  scheduled,
} from './retrying.ts';

/** Lists show the job `other`, for so long as it is unread, as what cannot be read. */
function unreadOther(isUnread: () => boolean, change: (job: UnreadJob) => UnreadJob = (job) => job) {
  const isOther = ({ name }: Job): boolean => isUnread() && name.jobId === 'other';
  return (ports: RetryPorts): RetryPorts => ({
    ...ports,
    jobs: {
      ...ports.jobs,
      list: async function* (...args) {
        for await (const page of ports.jobs.list(...args)) {
          const jobs = page.jobs.filter((job) => !isOther(job));
          yield { ...page, jobs, brokenItems: page.jobs.filter(isOther).map(unread).map(change) };
        }
      },
    },
  });
}

function unread({ name, creationTimeMs = 0 }: Job): UnreadJob {
  return {
    jobId: name.jobId,
    location: 'US',
    principal: ETL,
    creationTimeMs,
    hasEnded: false,
    hasFailed: false,
  };
}

/** Does the same, from a second after the failure on. */
function startOther({ simulator }: Retrying): void {
  const query = `SELECT '${SECRET}'`;
  simulator.start({ ...nameOf('other'), principal: ETL, query, createdAtMs: START_MS, runMs: HOUR_MS });
}

const WAITS = ['retry-scheduled', 'observed list-not-read', 'gave-up deadline-passed'];
const GOES_ON = ['retry-scheduled', 'retried', 'recovered'];

test.each<[string, (job: UnreadJob) => UnreadJob, string[]]>([
  ['may do the same', (job) => job, WAITS],
  ['does not tell whose it is', ({ hasEnded, hasFailed }) => ({ hasEnded, hasFailed }), WAITS],
  ['is of another account', (job) => ({ ...job, principal: 'ada@example.com' }), GOES_ON],
  ['is of another location', (job) => ({ ...job, location: 'EU' }), GOES_ON],
  ['has failed', (job) => ({ ...job, hasEnded: true, hasFailed: true }), GOES_ON],
  ['had ended before', (job) => ({ ...job, hasEnded: true, creationTimeMs: 1 }), GOES_ON],
  ['is the job itself', (job) => ({ ...job, jobId: 'root' }), GOES_ON],
])(
  'a listed job that cannot be read, and %s: a retry waits for what may be its work only',
  async (...row) => {
    const [, change, expected] = row;
    const policies = etlPolicy().replace('deadline: 6h', 'deadline: 20m');
    const retrying = await scheduled({ through: unreadOther(() => true, change), policies });
    startOther(retrying);
    await retrying.pass(HOUR_MS);
    expect(retrying.told()).toEqual(expected);
    for (const told of alertsWith(retrying, 'gave-up')) {
      expect(told).toMatchObject({ because: 'list-not-read' });
      expect(told.sentence).toContain('a job that BigQuery lists could not be read');
    }
  },
);

test('once it can be read it is compared, though others were compared meanwhile', async () => {
  let isUnread = true;
  const retrying = await scheduled({ through: unreadOther(() => isUnread) });
  startOther(retrying);
  await retrying.pass(20 * MINUTE_MS);
  expect(inserted(retrying)).toEqual([]);
  isUnread = false;
  await retrying.pass(2 * HOUR_MS);
  expect(inserted(retrying)).toEqual([]);
  expect(retrying.told()).toEqual(['retry-scheduled', 'observed list-not-read', 'recovered run-by-others']);
  expect(alertsWith(retrying, 'observed')[0]?.sentence).toMatch(
    /may have done the same: US\.other, created at 20/,
  );
});
