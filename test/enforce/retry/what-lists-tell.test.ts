import { describe, expect, test } from 'vitest';
import { NotFoundError } from '../../../shared/bigquery/errors.ts';
import type { JobsPage } from '../../../shared/bigquery/jobs-client.ts';
import { answerFailure } from '../../../shared/enforce/retry.ts';
import type { RetryPorts } from '../../../shared/enforce/retry-ports.ts';
import type { Job } from '../../../shared/job/job.ts';
import type { JobName } from '../../../shared/job/job-name.ts';
import type { JobScript } from '../../../simulator/job-script.ts';
import {
  BACKEND_ERROR,
  ETL,
  failing,
  inserted,
  MINUTE_MS,
  nameOf,
  type Retrying,
  SECOND_MS,
  SECRET,
  START_MS,
  scheduled,
} from './retrying.ts';

/** What somebody else runs, which does the same. */
function alike({ simulator }: Retrying, jobId: string, more: Partial<JobScript>): void {
  simulator.start({ ...nameOf(jobId), principal: ETL, query: `SELECT '${SECRET}'`, ...more });
}

interface Changes {
  readonly page?: (page: JobsPage) => JobsPage;
  readonly isUnknown?: (name: JobName) => boolean;
}

/** Ports whose lists tell something else, or that do not know some jobs. */
function telling({ page: change = (page) => page, isUnknown = () => false }: Changes) {
  return (ports: RetryPorts): RetryPorts => ({
    ...ports,
    jobs: {
      ...ports.jobs,
      list: async function* (...args) {
        for await (const page of ports.jobs.list(...args)) yield change(page);
      },
      getWhole: async (name, options) => {
        if (isUnknown(name)) throw new NotFoundError({ method: 'get', target: name.jobId });
        return ports.jobs.getWhole(name, options);
      },
    },
  });
}

test('what was created since the failure is seen to succeed though an older alike job runs beside it', async () => {
  const retrying = await scheduled();
  const older = { createdAtMs: START_MS - 5 * SECOND_MS, runMs: 40 * MINUTE_MS, error: BACKEND_ERROR };
  alike(retrying, 'older', older);
  alike(retrying, 'since', { createdAtMs: START_MS, runMs: 38 * MINUTE_MS });
  for (let minute = 1; minute < 38; minute++) {
    const createdAtMs = START_MS + minute * MINUTE_MS;
    alike(retrying, `other-${minute}`, { query: `SELECT ${minute}`, createdAtMs });
  }
  await retrying.pass(60 * MINUTE_MS);
  expect(inserted(retrying)).toEqual([]);
  expect(retrying.told()).toEqual(['retry-scheduled', 'recovered run-by-others']);
});

describe('a job that a list shows to run and jobs.get does not know', () => {
  const isUnknown = ({ jobId }: JobName): boolean => jobId === 'new';

  test('may be new, and is waited for until it is known', async () => {
    let isKnown = false;
    const retrying = await scheduled({
      through: telling({ isUnknown: (name) => !isKnown && isUnknown(name) }),
    });
    alike(retrying, 'new', { createdAtMs: START_MS, runMs: 20 * MINUTE_MS });
    await retrying.pass(80 * SECOND_MS);
    expect(inserted(retrying)).toEqual([]);
    isKnown = true;
    await retrying.pass(30 * MINUTE_MS);
    expect(inserted(retrying)).toEqual([]);
    expect(retrying.told()).toEqual(['retry-scheduled', 'recovered run-by-others']);
  });

  test('is waited for no longer than a new one is unknown', async () => {
    const retrying = await scheduled({ through: telling({ isUnknown }) });
    alike(retrying, 'new', { createdAtMs: START_MS, runMs: 60 * MINUTE_MS });
    await retrying.pass(20 * MINUTE_MS);
    expect(inserted(retrying)).toHaveLength(1);
  });
});

test('a job that a list shows without its location is looked for where the root ran', async () => {
  const withoutLocation = (job: Job): Job => {
    const { location: _, ...name } = job.name;
    return name.jobId === 'elsewhere' ? { ...job, name } : job;
  };
  const location = 'europe-west2';
  const page = ({ jobs, ...rest }: JobsPage): JobsPage => ({ ...rest, jobs: jobs.map(withoutLocation) });
  const retrying = await scheduled({ through: telling({ page }) }, { location });
  const name = { ...nameOf('root'), location };
  await retrying.clock.run(answerFailure(name, retrying.span(), retrying.ports));
  alike(retrying, 'elsewhere', { location, createdAtMs: START_MS, runMs: 60 * MINUTE_MS });
  await retrying.pass(20 * MINUTE_MS);
  expect(retrying.told()).toEqual(['retry-scheduled']);
  expect(inserted(retrying)).toEqual([]);
});

describe('a time that lies in the future hides nobody', () => {
  test('as the date of a list', async () => {
    const page = (page: JobsPage): JobsPage => ({ ...page, dateMs: (page.dateMs ?? 0) + 60 * MINUTE_MS });
    const retrying = await scheduled({ through: telling({ page }), lives: failing() });
    await retrying.pass(90 * SECOND_MS);
    expect(inserted(retrying)).toHaveLength(1);
    alike(retrying, 'since', { createdAtMs: retrying.clock.now(), runMs: SECOND_MS });
    await retrying.pass(60 * MINUTE_MS);
    expect(inserted(retrying)).toHaveLength(1);
    expect(retrying.told().at(-1)).toBe('recovered run-by-others');
  });

  test('as the end of the failure', async () => {
    const through = (ports: RetryPorts): RetryPorts => ({
      ...ports,
      jobs: {
        ...ports.jobs,
        getWhole: async (name, options) => {
          const look = await ports.jobs.getWhole(name, options);
          return name.jobId === 'root' ? { ...look, job: { ...look.job, endTimeMs: 8.64e15 } } : look;
        },
      },
    });
    const retrying = await scheduled({ through });
    alike(retrying, 'since', { createdAtMs: START_MS + 2 * SECOND_MS, runMs: SECOND_MS });
    await retrying.pass(20 * MINUTE_MS);
    expect(inserted(retrying)).toEqual([]);
    expect(retrying.told()).toEqual(['retry-scheduled', 'recovered run-by-others']);
  });
});
