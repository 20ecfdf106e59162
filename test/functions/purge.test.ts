import { afterAll, describe, expect, test } from 'vitest';
import { describeWherePossible } from '../google/where-possible.ts';
import { findSdk, RealBq } from '../simulator/real-bq.ts';
import { ServedFunction } from './served-function.ts';

const POLICIES = `
version: 1
mode: enforce
policies:
  - name: secrets
    match: { principals: ["ann@example.com"] }
    sensitive: { detectors: [creditCard] }
    purge: { after: 0s }
`;
const HOLDS = `
version: 1
holds:
  - { id: case-1, reason: A dispute, until: indefinite, match: { jobs: ["my-project:US.held"] } }
`;
const CARD = '4111 1111 1111 1111';

const purge = await ServedFunction.open('purge', { policies: POLICIES, holds: HOLDS });
afterAll(() => purge.close());

/** A script that ends in half a second; one of its steps holds the number of a card, or nothing does. */
function ends(jobId: string, secret = CARD): void {
  purge.simulator.start({
    projectId: 'my-project',
    jobId,
    principal: 'ann@example.com',
    query: `SELECT '${jobId}'`,
    createdAtMs: purge.clock.now() + 200,
    children: [{ query: `SELECT '${secret}'`, runMs: 200 }],
  });
}

const deletesOf = (jobId: string) =>
  purge.simulator.writes.filter(({ job, method }) => method === 'delete' && job.jobId === jobId);

test('an event of an end has the job purged with its children, and a certificate told', async () => {
  ends('by_event');
  expect(await purge.push(await purge.endOf('by_event'))).toBe(204);
  expect(purge.isThere('by_event')).toBe(false);
  expect(deletesOf('by_event')).toMatchObject([{ effective: true, children: [{ projectId: 'my-project' }] }]);
  await expect.poll(() => purge.stepsOf('by_event'), { timeout: 10_000 }).toEqual(['purging', 'purged']);
});

test('an end whose event is lost is found by a sweep; two sweeps at once, and its event after all, purge nothing twice', async () => {
  ends('by_sweep');
  const entry = await purge.endOf('by_sweep');
  expect(await Promise.all([purge.sweep(), purge.sweep()])).toEqual([204, 204]);
  expect((await Promise.all([purge.push(entry), purge.sweep()])).at(-1)).toBe(204);
  expect(purge.isThere('by_sweep')).toBe(false);
  expect(deletesOf('by_sweep').filter(({ effective }) => effective)).toHaveLength(1);
});

test('what is on hold, and what holds no secret, stays', async () => {
  ends('held');
  ends('harmless', '4111 1111 1111 1112');
  for (const jobId of ['held', 'harmless']) expect(await purge.push(await purge.endOf(jobId))).toBe(204);
  expect(await purge.sweep()).toBe(204);
  expect([purge.isThere('held'), purge.isThere('harmless')]).toEqual([true, true]);
  await expect.poll(() => purge.stepsOf('held'), { timeout: 10_000 }).toEqual(['observed']);
  expect(purge.stepsOf('harmless')).toEqual([]);
});

test('nothing that was told or logged holds what was found', () => {
  expect(purge.output()).toContain('"step":"purged"');
  expect(purge.output()).not.toContain(CARD);
});

describe('a job that was purged is not found', () => {
  test('by @google-cloud/bigquery', async () => {
    await expect(purge.metadataOf('by_event')).rejects.toMatchObject({ code: 404 });
  });

  const sdk = findSdk();
  describeWherePossible(
    'by the real bq',
    sdk === undefined ? 'there is no Google Cloud SDK here' : { sdk },
    (found) => {
      test('show -j', async () => {
        const bq = new RealBq(found.sdk, purge.address);
        const gone = await bq.run('show', '-j', 'my-project:US.by_event');
        const held = await bq.run('show', '-j', '--format=prettyjson', 'my-project:US.held');
        bq.dispose();
        expect(gone.code).not.toBe(0);
        expect(`${gone.stdout}${gone.stderr}`).toContain('Not found: Job my-project:US.by_event');
        expect([held.code, JSON.parse(held.stdout).id]).toEqual([0, 'my-project:US.held']);
      });
    },
  );
});
