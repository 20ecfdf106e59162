import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { candidatesFor } from '../../shared/judge/candidates.ts';
import { matchSelector } from '../../shared/judge/match.ts';
import { compileGlob } from '../../shared/policy/glob.ts';
import type { CancelPolicy, Selector } from '../../shared/policy/policy.ts';
import { runningQuery, without } from './judging.ts';

const globs = (...texts: readonly string[]) => texts.map((text) => compileGlob(text));
const people = (...texts: readonly string[]) => texts.map((text) => compileGlob(text, { ignoreCase: true }));

function policy(name: string, match: Selector): CancelPolicy {
  const breaker = { acts: 50, perMs: 3_600_000, share: 0.2 };
  return { name, mode: 'enforce', action: 'cancel', match, excepts: [], limits: [], breaker };
}

describe('of many policies, those that could be meant are asked', () => {
  const policies = [
    policy('everything', {}),
    policy('team-4 by its people', {
      principals: people('Team-4-*@example.com', 'etl-*@team-4.example.com'),
    }),
    policy('team-5 by its people', {
      principals: people('team-5-*@example.com', 'etl-*@team-5.example.com'),
    }),
    policy('any person', { principals: people('*') }),
    policy('team-4 by its project', { projects: globs('team-4-*') }),
    policy('team-4 by its label', { labels: new Map([['team', compileGlob('4')]]) }),
    policy('loads', { jobTypes: ['LOAD'] }),
    policy('queries', { jobTypes: ['QUERY'] }),
  ];
  const always = ['everything', 'any person'];
  test.for([
    {
      name: 'by the beginning of an address, in any case',
      job: runningQuery({ principal: 'TEAM-4-ana@example.com' }),
      asked: ['everything', 'team-4 by its people', 'any person', 'queries'],
    },
    {
      name: 'by the end of an address',
      job: runningQuery({ principal: 'etl-7@team-5.example.com' }),
      asked: ['everything', 'team-5 by its people', 'any person', 'queries'],
    },
    {
      name: 'by the project',
      job: runningQuery({ name: { projectId: 'team-4-prod', location: 'US', jobId: 'j' } }),
      asked: [...always, 'team-4 by its project', 'queries'],
    },
    {
      name: 'by a label',
      job: runningQuery({ labels: new Map([['team', '4']]) }),
      asked: [...always, 'team-4 by its label', 'queries'],
    },
    {
      name: 'every one that asks what the observation does not tell',
      job: without(runningQuery(), 'principal', 'labels', 'type'),
      asked: policies.map(({ name }) => name).filter((name) => name !== 'team-4 by its project'),
    },
  ])('$name', ({ job, asked }) => {
    expect(candidatesFor(job, policies).map(({ name }) => name)).toEqual(asked);
  });
});

const text = fc.string({ unit: fc.constantFrom('a', 'B', '-', '@', 'Σ'), maxLength: 4 });
const pattern = fc.string({
  unit: fc.constantFrom('a', 'B', '-', '@', 'Σ', '*'),
  minLength: 1,
  maxLength: 4,
});
const patterns = fc.array(pattern, { minLength: 1, maxLength: 2 });
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

const selector: fc.Arbitrary<Selector> = fc
  .record({
    principals: maybe(patterns),
    projects: maybe(patterns),
    label: maybe(pattern),
    jobTypes: maybe(fc.subarray(['QUERY', 'LOAD'] as const, { minLength: 1 })),
  })
  .map(({ principals, projects, label, jobTypes }) => ({
    ...(principals && { principals: people(...principals) }),
    ...(projects && { projects: globs(...projects) }),
    ...(label !== undefined && { labels: new Map([['team', compileGlob(label)]]) }),
    ...(jobTypes && { jobTypes }),
  }));

const job = fc
  .record({ principal: maybe(text), projectId: text, label: maybe(text), type: maybe(fc.constant('LOAD')) })
  .map(({ principal, projectId, label, type }) => ({
    ...without(runningQuery(), 'principal', 'type', ...(label === '' ? (['labels'] as const) : [])),
    name: { projectId, location: 'US', jobId: 'j' },
    ...(principal !== undefined && { principal }),
    ...(type !== undefined && { type: 'LOAD' as const }),
    ...(label !== undefined && label !== '' && { labels: new Map([['team', label]]) }),
  }));

test('no policy is left out that could match, and they stand in the order of the file', () => {
  fc.assert(
    fc.property(fc.array(selector, { maxLength: 8 }), job, (selectors, one) => {
      const policies = selectors.map((match, at) => policy(`p${at}`, match));
      const asked = candidatesFor(one, policies);
      const mayMatch = policies.filter(({ match }) => matchSelector(match, one).kind !== 'no');
      expect(asked).toEqual(expect.arrayContaining(mayMatch));
      expect(asked).toEqual(policies.filter((each) => asked.includes(each)));
    }),
    { numRuns: 2_000 },
  );
});
