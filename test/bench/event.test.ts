import { expect, test } from 'vitest';
import { type InProcess, inProcess } from '../../bench/event/in-process.ts';
import { manyPolicies } from '../../bench/event/many-policies.ts';
import { readPolicies } from '../../shared/policy/read-policies.ts';

test.for([50, 500])('the file of %i policies has that many, and nothing to warn of', (count) => {
  const { policies, warnings } = readPolicies(manyPolicies(count), 'policies.yaml');
  expect(policies.cancel).toHaveLength(count);
  expect(warnings).toEqual([]);
});

test('the event that is measured is judged and acquitted, without a call', async () => {
  // `inProcess` throws when its event does anything else.
  const contenders: InProcess = await inProcess(1);
  for (const contender of Object.values(contenders)) expect(await contender()).toBeGreaterThanOrEqual(0);
});
