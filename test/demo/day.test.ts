import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DAY_MS, DAY_STARTS_MS, planDay } from '../../demo/day.ts';
import { onDemandUsd } from '../../shared/cost/on-demand.ts';
import { LIST_PRICES, pricesIn } from '../../shared/cost/price-table.ts';
import { readPolicies } from '../../shared/policy/read-policies.ts';

const SEEDS = [0, 1, 7, 2_026, Number.MAX_SAFE_INTEGER];

test.each(SEEDS)('seed %i plans the same jobs each time', (seed) => {
  expect(planDay(seed)).toEqual(planDay(seed));
});

test('another seed plans other jobs', () => {
  expect(planDay(1)).not.toEqual(planDay(2));
});

describe.each(SEEDS)('the day of seed %i', (seed) => {
  const plan = planDay(seed);

  test('has a few hundred jobs, each with an id of its own, in the order of their creation', () => {
    expect(plan.length).toBeGreaterThan(300);
    expect(plan.length).toBeLessThan(900);
    expect(new Set(plan.map(({ jobId }) => jobId)).size).toBe(plan.length);
    const created = plan.map(({ createdAtMs }) => createdAtMs);
    expect(created).toEqual(created.toSorted((a, b) => a - b));
    expect(Math.max(...created)).toBeLessThan(DAY_STARTS_MS + DAY_MS);
  });

  test('has people, service accounts, locations and projects of several kinds', () => {
    const principals = new Set(plan.map(({ principal = '' }) => principal));
    expect([...principals].filter((name) => name.endsWith('@example.com')).length).toBeGreaterThan(3);
    expect([...principals].filter((name) => name.endsWith('.gserviceaccount.com')).length).toBeGreaterThan(3);
    const locations = new Set(plan.map(({ location }) => location));
    expect(locations).toEqual(new Set(['US', 'EU', 'europe-west2', 'asia-northeast1']));
    expect(new Set(plan.map(({ projectId }) => projectId)).size).toBe(4);
  });

  test('has queries that are no huge scan and cost too much all the same, wherever they run', () => {
    const costly = plan.filter(({ jobId }) => jobId.startsWith('costly_report'));
    expect(costly.length).toBeGreaterThan(3);
    for (const { estimatedBytes = 0, location } of costly) {
      expect(estimatedBytes).toBeLessThanOrEqual(10 * 2 ** 40);
      const price = pricesIn(LIST_PRICES, location)?.usdPerTiB ?? 0;
      expect(onDemandUsd(estimatedBytes, price)).toBeGreaterThan(50);
    }
  });

  test('begins with a job that has run too long already, so that the first cancel comes at once', () => {
    const first = plan.find(({ jobId }) => jobId === 'runaway_001');
    expect(first?.createdAtMs).toBeLessThan(DAY_STARTS_MS - 31 * 60_000);
  });
});

test('the policies of the day have neither fault nor warning', () => {
  const file = new URL('../../demo/policies.yaml', import.meta.url);
  expect(readPolicies(readFileSync(file, 'utf8'), 'demo/policies.yaml').warnings).toEqual([]);
});
