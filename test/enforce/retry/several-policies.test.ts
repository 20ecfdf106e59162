import { expect, test } from 'vitest';
import { failing, HOUR_MS, inserted, MINUTE_MS, START_MS, scheduled } from './retrying.ts';

const STOP = { atMs: START_MS, by: 'ada' };

/** Two policies about the same accounts, in this order. */
function twoPolicies(first: string, second: string): string {
  const entry = (name: string, more: string): string =>
    `  - { name: ${name}, match: { principals: ["etl-*@my-project.iam.gserviceaccount.com"] }, ${more} }`;
  return `version: 1\nmode: enforce\npolicies:\n${entry('first', first)}\n${entry('second', second)}\n`;
}

const TWICE = 'retry: { attempts: 2, backoff: { initial: 1m } }';

test('the end of a chain is told with what its own policy says, whatever others say of the job', async () => {
  const policies = twoPolicies(
    'mode: observe, retry: { attempts: 5 }',
    'retry: { attempts: 1, backoff: { initial: 1m } }',
  );
  const retrying = await scheduled({ policies, lives: failing() });
  await retrying.pass(HOUR_MS);
  expect(inserted(retrying)).toHaveLength(1);
  expect(retrying.told()).toEqual(['retry-scheduled', 'retried', 'gave-up attempts-used']);
});

test('a stop keeps a chain alive whose policy stands behind one that only observes', async () => {
  const retrying = await scheduled({ policies: twoPolicies(`mode: observe, ${TWICE}`, TWICE) });
  await retrying.ledger.stop(STOP);
  await retrying.pass(10 * MINUTE_MS);
  expect(retrying.told()).toEqual(['retry-scheduled', 'observed stopped']);
  await retrying.ledger.resume();
  await retrying.pass(10 * MINUTE_MS);
  expect(retrying.told().slice(2)).toEqual(['retried', 'recovered']);
});
