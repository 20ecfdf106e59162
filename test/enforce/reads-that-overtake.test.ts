import { expect, test } from 'vitest';
import { openPolicy } from '../../shared/enforce/open-policy.ts';
import type { Stop } from '../../shared/ledger/ledger.ts';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import { openLedger } from '../../shared/ledger/stored-ledger.ts';
import { OwnerFileMissing } from '../../shared/owner-files/errors.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { keptLog } from '../bigquery/kept-log.ts';
import { tenMinutes } from '../running-job.ts';
import { START_MS } from '../watchdog.ts';

const STOP: Stop = { atMs: START_MS, by: 'ada' };
const OBSERVED = tenMinutes(', mode: observe');

/** The policy in force, over a file and a ledger that answer each read when they are told to, and what they are told. */
async function opened() {
  const clock = new VirtualClock(START_MS);
  const stored = openLedger(new SqliteStore({ path: ':memory:', clock }), clock);
  const stops: ((answer: Stop | undefined) => void)[] = [];
  const files: ((answer: string | OwnerFileMissing) => void)[] = [];
  let isHeld = false;
  const ledger = {
    ...stored,
    stopped: () =>
      isHeld ? new Promise<Stop | undefined>((answer) => stops.push(answer)) : stored.stopped(),
  };
  const read = async () => {
    const answer = isHeld
      ? await new Promise<string | OwnerFileMissing>((give) => files.push(give))
      : tenMinutes();
    if (typeof answer !== 'string') throw answer;
    return { text: answer, generation: answer };
  };
  const published: unknown[] = [];
  const publisher = { publish: async (event: unknown) => void published.push(event) };
  const ports = { clock, ledger, publisher, log: keptLog([]), verb: 'cancel' } as const;
  const policies = await clock.run(openPolicy({ read, describe: () => 'policies.yaml' }, ports));
  await clock.run(policies.latest());
  isHeld = true;
  const mode = () => policies.latest().then(({ cancel }) => cancel[0]?.mode);
  /** Answers of one instant, and what else may come of them by then. */
  const answer = async (...give: (() => void)[]): Promise<void> => {
    for (const one of give) one();
    await clock.advanceBy(0);
  };
  return { clock, stops, files, mode, answer, published };
}

test.each([
  {
    older: undefined,
    newer: STOP,
    mode: 'observe',
    name: 'a stop is not undone by a read that began before it',
  },
  { older: STOP, newer: undefined, mode: 'enforce', name: 'nor is its end' },
])('$name', async ({ older, newer, mode }) => {
  const { clock, stops, files, answer, ...policies } = await opened();
  const looks = [policies.mode(), policies.mode()];
  await clock.advanceBy(0);
  await answer(...files.map((give) => () => give(tenMinutes())));
  // Both come in one instant, the newer one first.
  await answer(
    () => stops[1]?.(newer),
    () => stops[0]?.(older),
  );
  expect(await Promise.all(looks)).toEqual([mode, mode]);
});

test.each([
  ['an older text', tenMinutes()],
  ['that it was missing a moment ago', new OwnerFileMissing('policies.yaml')],
])('a policy that was read is not replaced by %s', async (_, older) => {
  const { clock, stops, files, answer, ...policies } = await opened();
  const looks = [policies.mode(), policies.mode()];
  await clock.advanceBy(0);
  await answer(() => files[1]?.(OBSERVED));
  await answer(() => files[0]?.(older));
  await answer(...stops.map((give) => () => give(undefined)));
  expect(await Promise.all(looks)).toEqual(['observe', 'observe']);
  expect(policies.published).toEqual([]);
});
