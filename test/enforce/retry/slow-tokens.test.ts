import { describe, expect, test } from 'vitest';
import { Simulator } from '../../../simulator/simulator.ts';
import { VirtualClock } from '../../../simulator/virtual-clock.ts';
import { MINUTE_MS } from '../../running-job.ts';
import { type Handle, simulatedImpersonator, simulatedJobsApi } from '../../simulated-jobs-api.ts';
import { seeded } from '../../simulator/playground.ts';
import { fails, openRetry, POLICIES, toldOf } from '../../watch/retrying-watchdog.ts';
import { START_MS } from '../../watchdog.ts';

const TOKEN_MS = 16_000;

/** A token takes sixteen seconds; this is done once, while the first one is waited for. */
async function whileTokenComes(meanwhile: (retry: Awaited<ReturnType<typeof openRetry>>) => unknown) {
  const clock = new VirtualClock(START_MS);
  const simulator = new Simulator({ clock, random: seeded(7) });
  let tokens = 0;
  const handle: Handle = async (request) => {
    if (request.path.includes(':generateAccessToken')) {
      tokens += 1;
      await clock.sleep(TOKEN_MS / 2);
      if (tokens === 1) await meanwhile(retry);
      await clock.sleep(TOKEN_MS / 2);
    }
    return simulator.handle(request);
  };
  const jobsApi = () => simulatedJobsApi(handle, { impersonator: simulatedImpersonator(handle, clock) });
  const retry = await openRetry({ clock, simulator, parts: { jobsApi } });
  fails(retry, 'root', 30);
  await retry.sweepAt(1, 2, 3, 4, 5);
  expect(tokens).toBeGreaterThan(0);
  return retry;
}

describe('while a token is waited for', () => {
  test('nothing changes: the retry is inserted', async () => {
    const retry = await whileTokenComes(() => undefined);
    expect(retry.inserted()).toHaveLength(1);
  });

  test('the policy is set to observe: nothing is inserted', async () => {
    const retry = await whileTokenComes(({ setPolicies }) =>
      setPolicies(POLICIES.replace('mode: enforce', 'mode: observe')),
    );
    expect(retry.inserted()).toEqual([]);
    expect(toldOf(retry, 'root')).toEqual(['retry-scheduled', 'gave-up no-longer-wanted']);
  });

  test('a person stops all acts: nothing is inserted', async () => {
    const retry = await whileTokenComes(({ runtime, clock }) =>
      runtime.ports.ledger.stop({ by: 'ada@example.com', atMs: clock.now() }),
    );
    await retry.clock.advanceTo(START_MS + 10 * MINUTE_MS);
    expect(retry.inserted()).toEqual([]);
  });
});
