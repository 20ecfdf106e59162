import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { BreakerScope, Ledger } from '../../shared/ledger/ledger.ts';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import type { LedgerStore } from '../../shared/ledger/store.ts';
import { openLedger } from '../../shared/ledger/stored-ledger.ts';
import { HOUR_MS } from './ledger-examples.ts';
import { ManualClock } from './manual-clock.ts';

const SCOPE: BreakerScope = { verb: 'cancel', policy: 'long' };
const MOST_ACTS = 12;

type Step =
  | { readonly kind: 'take'; readonly claim: number }
  | { readonly kind: 'free'; readonly claim: number }
  | { readonly kind: 'wait'; readonly ms: number };

const claim = fc.nat({ max: 15 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('take'), claim }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('free'), claim }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.integer({ min: 1, max: HOUR_MS }) }),
  },
);
const acts = fc.integer({ min: 1, max: MOST_ACTS });

/** A store each of whose calls happens when the schedule lets it, so that those of several callers mix. */
function scheduled(store: LedgerStore, scheduler: fc.Scheduler, wrote: () => Promise<void>): LedgerStore {
  const when = <T>(name: string, call: () => Promise<T>): Promise<T> =>
    scheduler.schedule(Promise.resolve(), name).then(call);
  return {
    place: store.place,
    get: (collection, key) => when(`get ${collection}`, () => store.get(collection, key)),
    find: (request) => when('find', () => store.find(request)),
    count: (request) => when('count', () => store.count(request)),
    write: (writes) =>
      when('write', async () => {
        const versions = await store.write(writes);
        if (writes.some(({ kind }) => kind === 'create')) await wrote();
        return versions;
      }),
    increment: (key, by, expiresAtMs) => when('add', () => store.increment(key, by, expiresAtMs)),
    close: () => store.close(),
  };
}

async function takenIn(ledger: Ledger): Promise<number> {
  return (await ledger.breakers())[0]?.taken ?? 0;
}

/**
 * Slots are taken one after the other with acts of old, then all the steps at once with acts of now. Whatever
 * the order in which they get to read and write, no step brings the slots that are taken above the acts of now.
 * What is free when all is quiet again can be had, to the last one.
 */
async function race(
  scheduler: fc.Scheduler,
  before: number,
  now: number,
  steps: readonly Step[],
): Promise<void> {
  const clock = new ManualClock();
  const store = new SqliteStore({ path: ':memory:', clock });
  const ledger = openLedger(store, clock);
  for (let claim = 0; claim < before; claim++) {
    expect(await ledger.takeSlot(SCOPE, `claim-${claim}`, before, HOUR_MS)).toBe('taken');
    clock.advance(HOUR_MS / MOST_ACTS / 2);
  }

  const tooMany: number[] = [];
  const mixed = scheduled(store, scheduler, async () => {
    const taken = await takenIn(ledger);
    if (taken > now) tooMany.push(taken);
  });
  const racing = openLedger(mixed, clock);
  const done = steps.map(async (step) => {
    const claimKey = 'claim' in step ? `claim-${step.claim}` : '';
    if (step.kind === 'take') await racing.takeSlot(SCOPE, claimKey, now, HOUR_MS);
    else if (step.kind === 'free') await racing.freeSlot(SCOPE, claimKey);
    else await scheduler.schedule(Promise.resolve(), 'wait').then(() => clock.advance(step.ms));
  });
  await scheduler.waitFor(Promise.all(done));
  expect(tooMany).toStrictEqual([]);

  const left = Math.max(0, now - (await takenIn(ledger)));
  for (let index = 0; index < left; index++) {
    expect(await ledger.takeSlot(SCOPE, `late-${index}`, now, HOUR_MS)).toBe('taken');
  }
  expect(await ledger.takeSlot(SCOPE, 'too late', now, HOUR_MS)).toBe('none-left');
  await store.close();
}

it('however racers mix that take, free and outwait slots, with acts lowered or raised, none is taken above acts', async () => {
  await fc.assert(fc.asyncProperty(fc.scheduler(), acts, acts, fc.array(step, { maxLength: 14 }), race), {
    numRuns: 300,
  });
});

it('a claim that several ask for at once has one slot, however they mix', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), acts, async (scheduler, acts) => {
      const clock = new ManualClock();
      const store = new SqliteStore({ path: ':memory:', clock });
      const racing = openLedger(
        scheduled(store, scheduler, async () => undefined),
        clock,
      );
      const answers = Array.from({ length: 4 }, () => racing.takeSlot(SCOPE, 'claim', acts, HOUR_MS));
      expect(new Set(await scheduler.waitFor(Promise.all(answers)))).toStrictEqual(new Set(['taken']));
      expect(await takenIn(openLedger(store, clock))).toBe(1);
      await store.close();
    }),
    { numRuns: 50 },
  );
});
