import { describe, expect, test } from 'vitest';
import { floorMs, pagesOf } from '../../bench/sweep-floor.ts';

describe('the floor of a sweep at 25 ms a call', () => {
  test.for([
    { name: 'of one page: list, get, cancel', projects: 1, jobs: 500, offenders: 1, pages: 1, ms: 75 },
    { name: 'one job more is one page more', projects: 1, jobs: 501, offenders: 1, pages: 2, ms: 100 },
    { name: 'a project without jobs is a page too', projects: 1, jobs: 0, offenders: 1, pages: 1, ms: 75 },
    {
      name: 'a second’s quota of offenders is free',
      projects: 1,
      jobs: 500,
      offenders: 100,
      pages: 1,
      ms: 75,
    },
    { name: 'one more waits for the next', projects: 1, jobs: 500, offenders: 101, pages: 1, ms: 1_075 },
    { name: 'of a large project', projects: 1, jobs: 100_000, offenders: 1_000, pages: 200, ms: 14_050 },
    {
      name: 'many projects share the lists',
      projects: 2_000,
      jobs: 50,
      offenders: 1_000,
      pages: 2_000,
      ms: 19_075,
    },
    { name: 'or the cancels', projects: 2_000, jobs: 50, offenders: 3_000, pages: 2_000, ms: 29_075 },
  ])('$name', ({ projects, jobs: jobsPerProject, offenders, pages, ms }) => {
    const work = { projects, jobsPerProject, offenders, callMs: 25 };
    expect({ pages: pagesOf(work), ms: floorMs(work) }).toEqual({ pages, ms });
  });
});
