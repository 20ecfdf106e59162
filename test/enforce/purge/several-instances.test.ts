import { expect, test } from 'vitest';
import { carryOutPurge } from '../../../shared/enforce/purge.ts';
import { StaleClaimError } from '../../../shared/ledger/errors.ts';
import { OffsetClock } from '../../offset-clock.ts';
import { asked, deleted, LEASE_MS, MINUTE_MS, nameOf, openPurging, scheduled } from './purging.ts';

const DUE_MS = 15 * MINUTE_MS;

test('two instances that come at once delete once', async () => {
  const purging = await scheduled();
  const { clock, simulator, ledger } = purging;
  const other = await openPurging({ clock, simulator, ledger, holder: 'there' });
  await clock.advanceTo(clock.now() + DUE_MS);
  const claim = await purging.claim();
  if (!claim) throw new Error('there is no claim');
  const both = [purging, other].map(({ ports, span }) => carryOutPurge(claim, span(), ports));
  const kinds = (await clock.run(Promise.all(both))).map(({ kind }) => kind);
  expect(kinds.toSorted()).toEqual(['left', 'purged']);
  expect(asked(purging) + asked(other)).toBe(1);
});

test('a holder that wakes up after its lease sends nothing', async () => {
  const purging = await scheduled();
  const { clock, simulator, ledger, ports } = purging;
  const other = await openPurging({ clock, simulator, ledger, holder: 'there' });
  await clock.advanceTo(clock.now() + DUE_MS);
  const claim = await purging.claim();
  if (!claim) throw new Error('there is no claim');
  const send = ports.jobs.delete.bind(ports.jobs);
  ports.jobs.delete = async (name, options) => {
    other.setHolds(undefined);
    await clock.sleep(LEASE_MS);
    await carryOutPurge(claim, other.span(), other.ports);
    return send(name, { ...options, deadlineAtMs: clock.now() + MINUTE_MS });
  };
  const woken = clock.run(carryOutPurge(claim, purging.span(), ports)).catch((error: unknown) => error);
  // Its look is too old by then, and its claim is another's.
  expect(await woken).toBeInstanceOf(StaleClaimError);
  expect(asked(purging)).toBe(0);
  expect(deleted(purging)).toEqual([]);
});

test('an instance whose clock is wrong leaves the claim alone', async () => {
  const purging = await scheduled();
  const { clock, simulator, ledger } = purging;
  await clock.advanceTo(clock.now() + DUE_MS);
  const wrong = await openPurging({ clock: new OffsetClock(clock, 10 * MINUTE_MS), simulator, ledger });
  expect(await wrong.carryOut()).toEqual({ kind: 'left' });
  expect(asked(wrong)).toBe(0);
  expect(wrong.alerts.map(({ type }) => type)).toEqual(['bigquery-watchdog.clock.skewed.v1']);
  await purging.pass(MINUTE_MS);
  expect(await ledger.certificateOf(nameOf('job'))).toBeDefined();
});
