import { describe, expect, it } from 'vitest';
import { alert, DAY_MS, HOUR_MS, ODD_NAMES, openWorld, race } from './ledger-examples.ts';
import type { OpenStore } from './open-store.ts';

/** Alerts wait until they are published, each once per ce-id. */
export function describeOutbox(open: OpenStore): void {
  describe('outbox rows', () => {
    it('are added once per ce-id, however often and by however many', async () => {
      const { ledger, other } = await openWorld(open);
      expect(await ledger.addAlerts([])).toStrictEqual([]);
      expect(await ledger.addAlerts([alert('a'), alert('b'), alert('a', { second: true })])).toStrictEqual([
        'a',
        'b',
      ]);
      expect(await ledger.addAlerts([alert('a'), alert('c')])).toStrictEqual(['c']);
      const answers = await race(20, (racer) =>
        (racer % 2 ? ledger : other).addAlerts([alert(`own-${racer}`), alert('shared'), alert('b')]),
      );
      expect(answers.flat().filter((ceId) => ceId === 'shared')).toHaveLength(1);
      expect(answers.flat()).toHaveLength(21);
      expect((await ledger.unpublishedAlerts(99)).alerts).toHaveLength(3 + 21);
      expect((await ledger.unpublishedAlerts(1)).alerts[0]).toStrictEqual({
        ...alert('a'),
        published: false,
      });
    });

    it('are added by the hundred', async () => {
      const { ledger } = await openWorld(open);
      const rows = Array.from({ length: 250 }, (_, index) => alert(`alert-${index}`));
      await ledger.addAlerts(rows.slice(100, 200));
      expect(await ledger.addAlerts(rows)).toHaveLength(150);
      expect((await ledger.unpublishedAlerts(999)).alerts).toHaveLength(250);
    });

    it('wait oldest first, for ever, until they are marked', async () => {
      const { clock, ledger } = await openWorld(open);
      for (const ceId of ['z', 'y', 'x']) {
        await ledger.addAlerts([alert(ceId)]);
        clock.advance(1_000 * DAY_MS);
      }
      const waiting = async (limit: number) =>
        (await ledger.unpublishedAlerts(limit)).alerts.map((row) => row.ceId);
      expect(await waiting(2)).toStrictEqual(['z', 'y']);
      await race(9, () => ledger.markPublished('y'));
      expect(await waiting(9)).toStrictEqual(['z', 'x']);
    });

    it('that cannot be read take neither the others nor their room', async () => {
      const { clock, ledger, store } = await openWorld(open);
      const place = { kind: 'create', collection: 'outbox', group: 'unpublished' } as const;
      const odd = (key: string) => ({ ...place, key, dueAtMs: clock.now() - 1, body: { ceId: key } });
      await store.write([odd('alert:odd-1'), odd('alert:odd-2'), odd('alert:odd-3')]);
      await ledger.addAlerts([alert('a'), alert('b'), alert('c')]);
      for (const limit of [1, 2, 3, 9]) {
        const { alerts, unreadable } = await ledger.unpublishedAlerts(limit);
        expect(alerts.map(({ ceId }) => ceId)).toStrictEqual(['a', 'b', 'c'].slice(0, limit));
        expect(unreadable).toHaveLength(3);
        expect(unreadable[0]).toMatchObject({ name: 'UnreadableDocumentError', key: 'alert:odd-1' });
      }
    });

    it('stand for 7 days after they were published, so that they are not told again', async () => {
      const { clock, ledger } = await openWorld(open);
      await ledger.addAlerts([alert('a')]);
      clock.advance(DAY_MS);
      await ledger.markPublished('a');
      clock.advance(DAY_MS);
      await ledger.markPublished('a');
      clock.advance(6 * DAY_MS - 1);
      expect(await ledger.addAlerts([alert('a')])).toStrictEqual([]);
      expect(await ledger.hasAlert('a')).toBe(true);
      clock.advance(1);
      expect(await ledger.hasAlert('a')).toBe(false);
      await ledger.markPublished('a');
      expect(await ledger.hasAlert('a')).toBe(false);
    });

    it('keep events and ids of any kind', async () => {
      const { ledger } = await openWorld(open);
      const event = JSON.parse('{"__proto__": {"a": 1}, "data": {"labels": {"__proto__": "x"}}, "n": null}');
      const ids = ODD_NAMES.filter((name) => name.isWellFormed());
      expect(await ledger.addAlerts(ids.map((ceId) => alert(ceId, event)))).toStrictEqual(ids);
      for (const row of (await ledger.unpublishedAlerts(99)).alerts) {
        expect(JSON.stringify(row.event)).toBe(JSON.stringify(event));
        await ledger.markPublished(row.ceId);
      }
      expect((await ledger.unpublishedAlerts(99)).alerts).toStrictEqual([]);
    });
  });

  describe('the count of alerts', () => {
    it('is kept per policy and hour, until 2 hours after its hour', async () => {
      const { clock, ledger, other } = await openWorld(open);
      const hour = clock.now();
      const counts = await race(50, (racer) => (racer % 2 ? ledger : other).countAlert('long', hour));
      expect(Math.max(...counts)).toBe(50);
      expect(await ledger.countAlert('long', hour + HOUR_MS)).toBe(1);
      expect(await ledger.countAlert('__proto__', hour)).toBe(1);
      clock.advance(3 * HOUR_MS - 1);
      expect(await ledger.countAlert('long', hour)).toBe(51);
      clock.advance(1);
      expect(await ledger.countAlert('long', hour)).toBe(1);
    });
  });
}
