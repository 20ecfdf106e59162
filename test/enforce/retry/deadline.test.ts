import { expect, test } from 'vitest';
import { attempt, ETL, etlPolicy, HOUR_MS, inserted, MINUTE_MS, scheduled } from './retrying.ts';

test('until when a retry is made, the policy of now says, not the one that it was scheduled by', async () => {
  const retrying = await scheduled({ policies: etlPolicy('', '').replace('deadline: 6h', 'deadline: 2m') });
  retrying.setPolicies(etlPolicy());
  // Nobody was there until the old deadline had passed.
  await retrying.clock.advanceTo(retrying.clock.now() + 5 * MINUTE_MS);
  await retrying.pass(HOUR_MS);
  expect(inserted(retrying)).toEqual([`${attempt(1)} by ${ETL}`]);
  expect(retrying.told()).toEqual(['retry-scheduled', 'retried', 'recovered']);
});
