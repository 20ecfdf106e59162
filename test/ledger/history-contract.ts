import { describe, expect, it } from 'vitest';
import { StaleMarkError } from '../../shared/ledger/errors.ts';
import type { HistoryMark } from '../../shared/ledger/ledger.ts';
import { DAY_MS, ODD_NAMES, openWorld, race } from './ledger-examples.ts';
import type { OpenStore } from './open-store.ts';

const MARK: HistoryMark = {
  fromMs: 1_000,
  toMs: 9_000,
  doneToMs: 1_000,
  startedAtMs: 9_500,
  generation: 'sha256:1',
  looked: 0,
  found: 0,
  purged: 0,
};

/** How far the clean-up of history has come. */
export function describeHistory(open: OpenStore): void {
  describe('the mark of a clean-up of history', () => {
    it('is of one project, and is kept for ever', async () => {
      const { clock, ledger, other } = await openWorld(open);
      expect(await ledger.historyMark('shop')).toBeUndefined();
      const first = await ledger.moveHistory('shop', undefined, MARK);
      const done = { ...MARK, doneToMs: 9_000, finishedAtMs: 12_000, looked: 7, found: 2, purged: 1 };
      const second = await other.moveHistory('shop', first, done);
      clock.advance(1_000 * DAY_MS);
      expect(second.mark).toStrictEqual(done);
      expect(await ledger.historyMark('shop')).toStrictEqual(second);
      for (const name of ['example.com:shop', ...ODD_NAMES])
        expect(await ledger.historyMark(name)).toBeUndefined();
    });

    it('is moved by one of 20 racers, and by nobody who read before it', async () => {
      const { ledger, other } = await openWorld(open);
      const held = await ledger.moveHistory('shop', undefined, MARK);
      const move = (racer: number) =>
        (racer % 2 ? ledger : other).moveHistory('shop', held, { ...MARK, doneToMs: 2_000 + racer }).then(
          ({ mark }) => [mark],
          (error: unknown) => {
            expect(error).toBeInstanceOf(StaleMarkError);
            return [];
          },
        );
      const moved = (await race(20, move)).flat();
      expect(moved).toHaveLength(1);
      expect((await ledger.historyMark('shop'))?.mark).toStrictEqual(moved[0]);
      await expect(ledger.moveHistory('shop', held, MARK)).rejects.toThrow(StaleMarkError);
      const anew = ledger.moveHistory('shop', undefined, MARK);
      await expect(anew).rejects.toThrow('the history of shop for purge was written by another sweep');
    });
  });
}
