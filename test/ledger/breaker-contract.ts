import { describe, expect, it } from 'vitest';
import type { BreakerScope } from '../../shared/ledger/ledger.ts';
import { alert, DAY_MS, HOUR_MS, ODD_NAMES, openWorld, race, type World } from './ledger-examples.ts';
import type { OpenStore } from './open-store.ts';

const SCOPE: BreakerScope = { verb: 'cancel', policy: 'long' };

/** So many acts per time, over the whole deployment, until a person is asked. */
export function describeBreaker(open: OpenStore): void {
  async function takenIn({ ledger }: World, scope = SCOPE): Promise<number> {
    const status = (await ledger.breakers()).find((one) => one.scope.policy === scope.policy);
    return status?.taken ?? 0;
  }

  async function fill({ ledger }: World, count: number, acts = count): Promise<void> {
    for (let index = 0; index < count; index++) {
      expect(await ledger.takeSlot(SCOPE, `early-${index}`, acts, HOUR_MS)).toBe('taken');
    }
  }

  describe('breaker slots', () => {
    it('go to as many of 50 racers as there are', async () => {
      const world = await openWorld(open);
      const answers = await race(50, (racer) =>
        (racer % 2 ? world.ledger : world.other).takeSlot(SCOPE, `claim-${racer}`, 7, HOUR_MS),
      );
      expect(answers.filter((answer) => answer === 'taken')).toHaveLength(7);
      expect(await takenIn(world)).toBe(7);
    });

    it('go to one of 50 racers when there is one left', async () => {
      const world = await openWorld(open);
      await fill(world, 4);
      const answers = await race(50, (racer) => world.other.takeSlot(SCOPE, `claim-${racer}`, 5, HOUR_MS));
      expect(answers.filter((answer) => answer === 'taken')).toHaveLength(1);
      expect(await takenIn(world)).toBe(5);
    });

    it('are kept by a takeover, and taken once by a claim that asks from two sides', async () => {
      const world = await openWorld(open);
      const answers = await race(50, (racer) =>
        (racer % 2 ? world.ledger : world.other).takeSlot(SCOPE, 'claim', 3, HOUR_MS),
      );
      expect(new Set(answers)).toStrictEqual(new Set(['taken']));
      expect(await takenIn(world)).toBe(1);
      await fill(world, 2, 3);
      expect(await world.ledger.takeSlot(SCOPE, 'late', 3, HOUR_MS)).toBe('none-left');
      expect(await world.other.takeSlot(SCOPE, 'claim', 3, HOUR_MS)).toBe('taken');
      expect(await takenIn(world)).toBe(3);
    });

    it('count when acts was lowered, whatever their number', async () => {
      const world = await openWorld(open);
      await fill(world, 10);
      expect(await world.ledger.takeSlot(SCOPE, 'late', 5, HOUR_MS)).toBe('none-left');
      expect(await world.ledger.takeSlot(SCOPE, 'early-7', 5, HOUR_MS)).toBe('taken');
      // Some of high and some of low number go: 4 stay, so one more fits, and no second.
      for (const index of [0, 2, 3, 5, 8, 9]) await world.ledger.freeSlot(SCOPE, `early-${index}`);
      const answers = await race(50, (racer) => world.other.takeSlot(SCOPE, `claim-${racer}`, 5, HOUR_MS));
      expect(answers.filter((answer) => answer === 'taken')).toHaveLength(1);
      expect(await takenIn(world)).toBe(5);
    });

    it('are as many as acts says now, when it was lowered and raised again between takes', async () => {
      const world = await openWorld(open);
      await fill(world, 12);
      // Numbers of all heights stay.
      for (const index of [1, 4, 5, 7, 8, 10, 11]) await world.ledger.freeSlot(SCOPE, `early-${index}`);
      const ask = async (acts: number, name: string): Promise<number> => {
        const answers = await race(12, (racer) =>
          (racer % 2 ? world.ledger : world.other).takeSlot(SCOPE, `${name}-${racer}`, acts, HOUR_MS),
        );
        return answers.filter((answer) => answer === 'taken').length;
      };
      expect(await ask(8, 'lowered')).toBe(3);
      expect(await ask(8, 'full')).toBe(0);
      expect(await ask(15, 'raised')).toBe(7);
      expect(await takenIn(world)).toBe(15);
    });

    it('keep their order of numbers under a name of any length', async () => {
      const world = await openWorld(open);
      const scope = { ...SCOPE, policy: 'x'.repeat(1_500) };
      for (let index = 0; index < 6; index++)
        await world.ledger.takeSlot(scope, `early-${index}`, 6, HOUR_MS);
      expect(await world.ledger.takeSlot(scope, 'late', 3, HOUR_MS)).toBe('none-left');
      for (const index of [0, 1, 2, 3]) await world.ledger.freeSlot(scope, `early-${index}`);
      expect(await world.ledger.takeSlot(scope, 'late', 3, HOUR_MS)).toBe('taken');
      expect(await world.ledger.takeSlot(scope, 'later', 3, HOUR_MS)).toBe('none-left');
      expect(await takenIn(world, scope)).toBe(3);
    });

    it('are none where there are no acts', async () => {
      const { ledger } = await openWorld(open);
      expect(await ledger.takeSlot(SCOPE, 'claim', 0, HOUR_MS)).toBe('none-left');
    });

    it('are free again after per, at the exact millisecond, each by its own time', async () => {
      const world = await openWorld(open);
      const { clock, ledger } = world;
      await ledger.takeSlot(SCOPE, 'first', 2, HOUR_MS);
      clock.advance(10);
      await ledger.takeSlot(SCOPE, 'second', 2, HOUR_MS);
      clock.advance(HOUR_MS - 11);
      expect(await ledger.takeSlot(SCOPE, 'third', 2, HOUR_MS)).toBe('none-left');
      clock.advance(1);
      expect(await ledger.takeSlot(SCOPE, 'third', 2, HOUR_MS)).toBe('taken');
      expect(await ledger.takeSlot(SCOPE, 'fourth', 2, HOUR_MS)).toBe('none-left');
      expect(await ledger.takeSlot(SCOPE, 'first', 2, HOUR_MS)).toBe('none-left');
      expect(await takenIn(world)).toBe(2);
    });

    it('are given back by the claim that has one, and by nobody else', async () => {
      const world = await openWorld(open);
      await fill(world, 2);
      await world.ledger.freeSlot(SCOPE, 'stranger');
      expect(await takenIn(world)).toBe(2);
      await race(5, () => world.other.freeSlot(SCOPE, 'early-0'));
      expect(await takenIn(world)).toBe(1);
      expect(await world.ledger.takeSlot(SCOPE, 'late', 2, HOUR_MS)).toBe('taken');
      await world.ledger.freeSlot(SCOPE, 'early-0');
      expect(await takenIn(world)).toBe(2);
    });

    it('belong to one policy, whatever its name', async () => {
      const { ledger } = await openWorld(open);
      // A lone surrogate cannot be stored as it is; a file that is read as UTF-8 has none.
      const policies = ODD_NAMES.filter((name) => name.isWellFormed());
      for (const policy of policies) {
        expect(await ledger.takeSlot({ verb: 'cancel', policy }, 'claim', 1, HOUR_MS)).toBe('taken');
        expect(await ledger.takeSlot({ verb: 'cancel', policy }, 'other', 1, HOUR_MS)).toBe('none-left');
      }
      const statuses = await ledger.breakers();
      expect(statuses.map((status) => status.scope.policy).toSorted()).toStrictEqual(policies.toSorted());
    });
  });

  describe('a breaker', () => {
    it('is tripped by one of 50 racers, with its alert, and stays open', async () => {
      const { clock, ledger, other } = await openWorld(open);
      const answers = await race(50, (racer) =>
        (racer % 2 ? ledger : other).tripBreaker(
          SCOPE,
          { atMs: clock.now(), why: `racer ${racer}` },
          alert(`trip-${racer}`),
        ),
      );
      const winner = answers.indexOf(true);
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect((await ledger.unpublishedAlerts(99)).alerts.map((row) => row.ceId)).toStrictEqual([
        `trip-${winner}`,
      ]);
      clock.advance(1_000 * DAY_MS);
      expect(await ledger.breakerTrip(SCOPE)).toStrictEqual({
        atMs: clock.now() - 1_000 * DAY_MS,
        why: `racer ${winner}`,
      });
      expect(await ledger.breakerTrip({ ...SCOPE, policy: 'another' })).toBeUndefined();
    });

    it('trips also when its alert stands already', async () => {
      const { ledger } = await openWorld(open);
      await ledger.addAlerts([alert('trip')]);
      expect(await ledger.tripBreaker(SCOPE, { atMs: 1, why: 'x' }, alert('trip'))).toBe(true);
      expect(await ledger.breakerTrip(SCOPE)).toStrictEqual({ atMs: 1, why: 'x' });
    });

    it('is closed by a reset, which frees its slots and those of no other', async () => {
      const world = await openWorld(open);
      const { ledger, other } = world;
      await fill(world, 3);
      await ledger.takeSlot({ ...SCOPE, policy: 'another' }, 'claim', 1, HOUR_MS);
      await ledger.tripBreaker(SCOPE, { atMs: 1, why: 'slots ran out' }, alert('trip'));
      expect(await ledger.breakers()).toStrictEqual([
        { scope: SCOPE, trip: { atMs: 1, why: 'slots ran out' }, taken: 3 },
        { scope: { ...SCOPE, policy: 'another' }, taken: 1 },
      ]);
      expect(await other.resetBreaker(SCOPE)).toBe(true);
      expect(await ledger.breakerTrip(SCOPE)).toBeUndefined();
      expect(await ledger.breakers()).toStrictEqual([{ scope: { ...SCOPE, policy: 'another' }, taken: 1 }]);
      expect(await ledger.takeSlot(SCOPE, 'early-0', 1, HOUR_MS)).toBe('taken');
    });

    it('that is not open is not reset, and keeps its slots', async () => {
      const world = await openWorld(open);
      await fill(world, 2);
      expect(await world.ledger.resetBreaker(SCOPE)).toBe(false);
      expect(await takenIn(world)).toBe(2);
    });

    it('can trip again after a reset', async () => {
      const { ledger } = await openWorld(open);
      for (const atMs of [1, 2]) {
        expect(await ledger.tripBreaker(SCOPE, { atMs, why: 'x' }, alert(`trip-${atMs}`))).toBe(true);
        expect(await ledger.resetBreaker(SCOPE)).toBe(true);
      }
      expect(await ledger.hasAlert('trip-2')).toBe(true);
    });
  });
}
