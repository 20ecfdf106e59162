import { describe, expect, test } from 'vitest';
import { readHolds } from '../../shared/policy/holds/read-holds.ts';
import { readPolicies } from '../../shared/policy/read-policies.ts';
import { detect } from '../../shared/sensitive/detect.ts';
import { ALL_DETECTORS } from '../../shared/sensitive/detectors/all-detectors.ts';
import { customPattern } from '../../shared/sensitive/detectors/custom-pattern.ts';
import { deletedJobs } from '../../simulator/deleted-job.ts';
import { scriptedJobs } from '../../simulator/scripted-job.ts';
import { drawWorld } from './draw-world.ts';
import { CUSTOMER_ID, plantedIn } from './planted.ts';

const PLANS = Array.from({ length: 150 }, (_, seed) => drawWorld(seed + 1)).flatMap((plan) =>
  plan.purge ? [{ plan, purge: plan.purge }] : [],
);
const DETECTORS = [...ALL_DETECTORS, customPattern('customerId', CUSTOMER_ID)];
const LONG_AFTER_MS = Date.UTC(2027, 0, 1);

describe('worlds with purges', () => {
  test('hide what detectors find, and nothing else that they find', () => {
    const jobs = PLANS.flatMap(({ plan, purge }) =>
      plan.jobs.flatMap((script) => {
        const family = scriptedJobs(script, plan.startMs, () => 0.5);
        const [named] = family;
        return named
          ? deletedJobs(family, { atMs: LONG_AFTER_MS, by: 'a', named }).map((job) => ({ ...job, purge }))
          : [];
      }),
    );
    const told = jobs.map(({ truth, resource, purge: { planted } }) => ({
      hidden: [...plantedIn(truth, planted)].toSorted(),
      found: [...new Set(detect(resource, DETECTORS).map(({ detector }) => detector))].toSorted(),
    }));
    expect(told.filter(({ hidden, found }) => hidden.join() !== found.join())).toEqual([]);
    expect(new Set(told.flatMap(({ hidden }) => hidden))).toEqual(new Set(DETECTORS.map(({ name }) => name)));
  });

  test('have policies and holds that can be read, but where they are meant to be broken', () => {
    for (const { plan, purge } of PLANS) {
      for (const { text, description } of plan.files)
        if (description) expect(readPolicies(text, 'policies.yaml').policies.purge.length).toBeGreaterThan(0);
      for (const { text = '', description } of purge.holds ?? [])
        if (description) expect(readHolds(text, 'holds.yaml').all.length).toBe(description.length);
        else expect(() => readHolds(text, 'holds.yaml')).toThrow();
    }
  });
});
