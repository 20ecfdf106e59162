import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, JOB, MINUTE_MS, ODD_NAMES, openWorld, race } from './ledger-examples.ts';
import type { OpenStore } from './open-store.ts';

/** What else is remembered: looks in vain, leases, the last good policy, dead letters. */
export function describeKeeping(open: OpenStore): void {
  describe('looks that lacked a field', () => {
    it('are kept, the newest four of them, oldest first, for a day after the last one', async () => {
      const { clock, ledger, other } = await openWorld(open);
      expect(await ledger.lackedAtMs(JOB)).toStrictEqual([]);
      const start = clock.now();
      expect(await ledger.noteLack(JOB, start + 5)).toStrictEqual([start + 5]);
      clock.advance(DAY_MS - 1);
      await race(20, (racer) => (racer % 2 ? ledger : other).noteLack(JOB, start + 5 - racer));
      const newest = [start + 3, start + 4, start + 5, start + 5];
      expect(await ledger.lackedAtMs(JOB)).toStrictEqual(newest);
      expect(await ledger.lackedAtMs({ ...JOB, location: 'US' })).toStrictEqual([]);
      clock.advance(DAY_MS - 1);
      expect(await ledger.lackedAtMs(JOB)).toStrictEqual(newest);
      expect(await other.noteLack(JOB, start + 9)).toStrictEqual([...newest.slice(1), start + 9]);
      clock.advance(DAY_MS - 1);
      expect(await ledger.lackedAtMs(JOB)).toHaveLength(4);
      clock.advance(1);
      expect(await ledger.lackedAtMs(JOB)).toStrictEqual([]);
      expect(await ledger.noteLack(JOB, 7)).toStrictEqual([7]);
    });
  });

  describe('leases', () => {
    it('are given to one of 50 racers, and to another when they end or are given back', async () => {
      const { clock, ledger, other } = await openWorld(open);
      const taken = await race(50, (racer) =>
        (racer % 2 ? ledger : other).takeLease('sweep cancel shop', `racer-${racer}`, MINUTE_MS),
      );
      const [version = '', ...more] = taken.flatMap((one) => (one ? [one.version] : []));
      expect(more).toStrictEqual([]);
      clock.advance(MINUTE_MS - 1);
      expect(await other.takeLease('sweep cancel shop', 'b', MINUTE_MS)).toBeUndefined();
      clock.advance(1);
      const second = (await other.takeLease('sweep cancel shop', 'b', MINUTE_MS))?.version;
      expect(second).toBeDefined();
      expect(second).not.toBe(version);
      await other.releaseLease('sweep cancel shop', second ?? '');
      expect(await ledger.takeLease('sweep cancel shop', 'c', MINUTE_MS)).toBeDefined();
    });

    it('are not given back by a holder who lost them, even where two were created and deleted since', async () => {
      const { clock, ledger, other } = await openWorld(open);
      const lost = (await ledger.takeLease('sweep', 'a', MINUTE_MS))?.version ?? '';
      clock.advance(MINUTE_MS);
      const second = (await other.takeLease('sweep', 'b', MINUTE_MS))?.version ?? '';
      await ledger.releaseLease('sweep', lost);
      expect(await ledger.takeLease('sweep', 'a', MINUTE_MS)).toBeUndefined();
      await other.releaseLease('sweep', second);
      await other.releaseLease('sweep', second);
      await other.takeLease('sweep', 'b', MINUTE_MS);
      await ledger.releaseLease('sweep', lost);
      await other.releaseLease('sweep', second);
      expect(await ledger.takeLease('sweep', 'a', MINUTE_MS)).toBeUndefined();
    });

    it('are made longer by their own holder, whose earlier version is then worthless', async () => {
      const { clock, ledger, other } = await openWorld(open);
      const first = (await ledger.takeLease('sweep', 'a', MINUTE_MS))?.version ?? '';
      clock.advance(MINUTE_MS - 1);
      expect(await ledger.takeLease('sweep', 'a', MINUTE_MS)).toBeDefined();
      await ledger.releaseLease('sweep', first);
      clock.advance(MINUTE_MS - 1);
      expect(await other.takeLease('sweep', 'b', MINUTE_MS)).toBeUndefined();
    });

    it('of a clock far ahead count as run out: longer to run than taken for, and a minute more', async () => {
      const { clock, ledger, other } = await openWorld(open);
      const rightMs = clock.now();
      clock.advance(MINUTE_MS);
      await ledger.takeLease('a little ahead', 'a', 2 * MINUTE_MS);
      clock.advance(1);
      const ahead = (await ledger.takeLease('far ahead', 'a', 2 * MINUTE_MS))?.version ?? '';
      clock.nowMs = rightMs;
      expect(await other.takeLease('a little ahead', 'b', MINUTE_MS)).toBeUndefined();
      expect(await other.takeLease('far ahead', 'b', MINUTE_MS)).toBeDefined();
      await ledger.releaseLease('far ahead', ahead);
      expect(await ledger.takeLease('far ahead', 'a', MINUTE_MS)).toBeUndefined();
      clock.advance(MINUTE_MS);
      expect(await ledger.takeLease('far ahead', 'a', MINUTE_MS)).toBeDefined();
    });

    it('last an hour at most, however long somebody asks for', async () => {
      const { clock, ledger, other } = await openWorld(open);
      await ledger.takeLease('sweep', 'a', 30 * DAY_MS);
      clock.advance(HOUR_MS - 1);
      expect(await other.takeLease('sweep', 'b', MINUTE_MS)).toBeUndefined();
      clock.advance(1);
      expect(await other.takeLease('sweep', 'b', MINUTE_MS)).toBeDefined();
    });

    it('hand on what a holder left, for as long as it said, also when the next one dies', async () => {
      const { clock, ledger, other } = await openWorld(open);
      const first = (await ledger.takeLease('sweep', 'a', MINUTE_MS))?.version ?? '';
      const left = { body: { at: [1, 'é'] }, untilMs: clock.now() + 5 * MINUTE_MS };
      await ledger.releaseLease('sweep', first, left);
      const second = await other.takeLease('sweep', 'b', MINUTE_MS);
      expect(second?.left).toStrictEqual(left);
      expect(await ledger.takeLease('sweep', 'a', MINUTE_MS)).toBeUndefined();
      clock.advance(MINUTE_MS);
      expect((await ledger.takeLease('sweep', 'a', MINUTE_MS))?.left).toStrictEqual(left);
      clock.advance(4 * MINUTE_MS - 1);
      expect((await other.takeLease('sweep', 'b', MINUTE_MS))?.left).toStrictEqual(left);
      clock.advance(1);
      const late = await other.takeLease('sweep', 'b', MINUTE_MS);
      expect(late).toStrictEqual({ version: late?.version });
    });

    it('hand on what a holder said when it took them, should it never give them back', async () => {
      const { clock, ledger, other } = await openWorld(open);
      const leaving = { body: { at: 1 }, untilMs: clock.now() + 5 * MINUTE_MS };
      const first = await ledger.takeLease('sweep', 'a', MINUTE_MS, leaving);
      expect(first).toStrictEqual({ version: first?.version });
      clock.advance(MINUTE_MS);
      const second = await other.takeLease('sweep', 'b', MINUTE_MS, { ...leaving, body: { at: 2 } });
      expect(second).toStrictEqual({ version: second?.version, left: leaving, ranOut: true });
      await other.releaseLease('sweep', second?.version ?? '');
      const third = await ledger.takeLease('sweep', 'c', MINUTE_MS);
      expect(third).toStrictEqual({ version: third?.version });
    });

    it('forget what was left when they are given back without, and take nothing from who lost them', async () => {
      const { clock, ledger, other } = await openWorld(open);
      const left = { body: { at: 1 }, untilMs: clock.now() + 5 * MINUTE_MS };
      const lost = (await ledger.takeLease('sweep', 'a', MINUTE_MS))?.version ?? '';
      clock.advance(MINUTE_MS);
      const second = (await other.takeLease('sweep', 'b', MINUTE_MS))?.version ?? '';
      await ledger.releaseLease('sweep', lost, { ...left, body: { at: 2 } });
      await other.releaseLease('sweep', second, left);
      const third = await ledger.takeLease('sweep', 'a', MINUTE_MS);
      expect(third?.left).toStrictEqual(left);
      await ledger.releaseLease('sweep', third?.version ?? '');
      const fourth = await other.takeLease('sweep', 'b', MINUTE_MS);
      expect(fourth).toStrictEqual({ version: fourth?.version });
    });

    it('do not get in each other’s way, whatever their names', async () => {
      const { ledger } = await openWorld(open);
      for (const name of ODD_NAMES) expect(await ledger.takeLease(name, 'a', MINUTE_MS)).toBeDefined();
      for (const name of ODD_NAMES) expect(await ledger.takeLease(name, 'b', MINUTE_MS)).toBeUndefined();
    });
  });

  describe('the last good policy', () => {
    it('is the text that was saved last, and is kept for ever', async () => {
      const { clock, ledger, other } = await openWorld(open);
      expect(await ledger.lastGoodPolicy('cancel')).toBeUndefined();
      const text = 'version: 1\n# "quoted" \\ é 🐕\n\tpolicies: []\n';
      await ledger.savePolicy('cancel', 'version: 1\n');
      clock.advance(1);
      await ledger.savePolicy('cancel', text);
      clock.advance(1_000 * DAY_MS);
      await ledger.savePolicy('cancel', text);
      expect(await other.lastGoodPolicy('cancel')).toStrictEqual({
        text,
        savedAtMs: clock.now() - 1_000 * DAY_MS,
      });
    });

    it('bears since when the file has been refused, until a good text is saved, the same or not', async () => {
      const { clock, ledger, other } = await openWorld(open);
      expect(await ledger.noteRefusedPolicy('cancel')).toBeUndefined();
      await ledger.savePolicy('cancel', 'version: 1');
      const firstMs = clock.now();
      expect(new Set(await race(10, () => ledger.noteRefusedPolicy('cancel')))).toStrictEqual(
        new Set([firstMs]),
      );
      clock.advance(DAY_MS);
      expect(await other.noteRefusedPolicy('cancel')).toBe(firstMs);
      expect(await other.lastGoodPolicy('cancel')).toStrictEqual({ text: 'version: 1', savedAtMs: firstMs });
      await other.savePolicy('cancel', 'version: 1');
      expect(await ledger.noteRefusedPolicy('cancel')).toBe(clock.now());
    });

    it('may be big, and saved by many at once', async () => {
      const { ledger, other } = await openWorld(open);
      const texts = Array.from({ length: 10 }, (_, index) => `# ${index}\n${'x'.repeat(500_000)}`);
      await race(10, (racer) => (racer % 2 ? ledger : other).savePolicy('cancel', texts[racer] ?? ''));
      expect(texts).toContain((await ledger.lastGoodPolicy('cancel'))?.text);
    });
  });

  describe('dead letters', () => {
    it('are kept for 30 days, newest first, each of them', async () => {
      const { clock, ledger } = await openWorld(open);
      const start = clock.now();
      const letter = { atMs: start, verb: 'cancel', fault: 'NotJsonError' } as const;
      await race(5, () => ledger.addDeadLetter(letter));
      clock.advance(1);
      const named = { ...letter, atMs: start + 1, insertId: '__proto__', messageId: 'm', projectId: 'shop' };
      await ledger.addDeadLetter(named);
      expect(await ledger.deadLetters(99)).toStrictEqual([named, letter, letter, letter, letter, letter]);
      expect(await ledger.deadLetters(2)).toStrictEqual([named, letter]);
      clock.advance(30 * DAY_MS - 1);
      expect(await ledger.deadLetters(99)).toStrictEqual([named]);
      clock.advance(1);
      expect(await ledger.deadLetters(99)).toStrictEqual([]);
    });
  });
}
