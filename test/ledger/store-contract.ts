import { describe, expect, it } from 'vitest';
import { ConflictError } from '../../shared/ledger/errors.ts';
import type { LedgerStore, Write } from '../../shared/ledger/store.ts';
import { race } from './ledger-examples.ts';
import { ManualClock } from './manual-clock.ts';
import type { OpenStore } from './open-store.ts';

type Create = Extract<Write, { kind: 'create' }>;

function create(key: string, rest: Partial<Omit<Create, 'kind' | 'key'>> = {}): Create {
  return { kind: 'create', collection: 'looks', key, body: { of: key }, ...rest };
}

/** What every storage of a ledger must do, whatever it is made of. */
export function describeStoreContract(open: OpenStore): void {
  async function opened(): Promise<{ clock: ManualClock; store: LedgerStore }> {
    const clock = new ManualClock();
    return { clock, store: await open(clock) };
  }

  async function createdVersion(store: LedgerStore, write: Create): Promise<string> {
    const [version] = await store.write([write]);
    if (version === undefined) throw new Error('no version for a write');
    return version;
  }

  async function keysOf(found: ReturnType<LedgerStore['find']>): Promise<string[]> {
    return (await found).map((document) => document.key);
  }

  describe('writing', () => {
    it('gives back what was created, with all that find selects by', async () => {
      const { clock, store } = await opened();
      const write = create('k:1', { group: 'g', dueAtMs: 5, expiresAtMs: clock.now() + 1 });
      const version = await createdVersion(store, write);
      const { kind: _, ...document } = write;
      expect(await store.get('looks', 'k:1')).toStrictEqual({ ...document, version });
      expect(await store.get('leases', 'k:1')).toBeUndefined();
    });

    it('lets one of 50 racers create a document', async () => {
      const { store } = await opened();
      const outcomes = await race(50, (racer) =>
        store.write([create('k:1', { body: { racer } })]).then(
          () => racer,
          (error: unknown) => error,
        ),
      );
      const winners = outcomes.filter((outcome) => typeof outcome === 'number');
      expect(winners).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome instanceof ConflictError)).toHaveLength(49);
      expect((await store.get('looks', 'k:1'))?.body).toStrictEqual({ racer: winners[0] });
    });

    it('replaces and deletes only the version that is named', async () => {
      const { store } = await opened();
      const first = await createdVersion(store, create('k:1'));
      const next = { ...create('k:1', { body: { next: true } }), kind: 'replace' } as const;
      const [second = ''] = await store.write([{ ...next, ifVersion: first }]);
      expect(second).not.toBe(first);
      await expect(store.write([{ ...next, ifVersion: first }])).rejects.toThrow(ConflictError);
      const gone = { kind: 'delete', collection: 'looks', key: 'k:1' } as const;
      await expect(store.write([{ ...gone, ifVersion: first }])).rejects.toThrow(ConflictError);
      expect((await store.get('looks', 'k:1'))?.body).toStrictEqual({ next: true });
      expect(await store.write([{ ...gone, ifVersion: second }])).toStrictEqual(['']);
      expect(await store.get('looks', 'k:1')).toBeUndefined();
      await expect(store.write([{ ...next, ifVersion: second }])).rejects.toThrow(ConflictError);
      await expect(store.write([{ ...gone, ifVersion: second }])).rejects.toThrow(ConflictError);
    });

    it('never gives a version twice, also to a document that was deleted and created anew', async () => {
      const { store } = await opened();
      const versions = new Set<string>();
      for (let round = 0; round < 20; round++) {
        const version = await createdVersion(store, create('k:1'));
        versions.add(version);
        await store.write([{ kind: 'delete', collection: 'looks', key: 'k:1', ifVersion: version }]);
      }
      expect(versions.size).toBe(20);
    });

    it('writes all of a batch or nothing, and names the first write that failed', async () => {
      const { store } = await opened();
      await store.write([create('k:2'), create('k:3')]);
      const failed = await store
        .write([create('k:1'), create('k:2'), create('k:3')])
        .catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(ConflictError);
      expect(failed).toMatchObject({ kind: 'create', collection: 'looks', key: 'k:2', index: 1 });
      expect(await store.get('looks', 'k:1')).toBeUndefined();
      expect(await store.write([create('k:1'), create('k:4')])).toHaveLength(2);
      expect(await store.write([])).toStrictEqual([]);
    });

    it('keeps bodies as they are: big ones, odd keys, any text', async () => {
      const { store } = await opened();
      const text = '\ud800 \u0000 "\\ 🐕 </script>';
      const body: unknown = JSON.parse(
        JSON.stringify({ big: 'ü'.repeat(200_000), text, list: [1, null, { a: {} }] }),
      );
      const odd: unknown = JSON.parse('{"__proto__": {"polluted": true}, "": 1, "a.b": 2}');
      await store.write([create('k:1', { body: { body, odd } })]);
      const stored = await store.get('looks', 'k:1');
      expect(JSON.stringify(stored?.body)).toBe(JSON.stringify({ body, odd }));
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    });
  });

  describe('finding', () => {
    it('orders by key, within a collection and a group, page after page', async () => {
      const { store } = await opened();
      const keys = ['a:1', 'a:10', 'a:2', 'b:1', 'b:2'];
      await store.write([...keys].reverse().map((key) => create(key, { group: 'g', dueAtMs: 1 })));
      await store.write([
        create('a:0', { group: 'h' }),
        create('a:3'),
        create('a:4', { collection: 'slots', group: 'g' }),
      ]);
      const find = { collection: 'looks', group: 'g' } as const;
      expect(await keysOf(store.find({ ...find, limit: 9 }))).toStrictEqual(keys);
      expect(await keysOf(store.find({ ...find, limit: 2 }))).toStrictEqual(['a:1', 'a:10']);
      expect(await keysOf(store.find({ ...find, limit: 2, afterKey: 'a:10' }))).toStrictEqual(['a:2', 'b:1']);
      expect(await keysOf(store.find({ ...find, limit: 2, afterKey: 'b:2' }))).toStrictEqual([]);
      expect(await keysOf(store.find({ collection: 'looks', limit: 3 }))).toStrictEqual([
        'a:0',
        'a:1',
        'a:10',
      ]);
    });

    it('orders by when documents fall due, up to and including a moment', async () => {
      const { store } = await opened();
      const due = (key: string, dueAtMs: number) => create(key, { group: 'g', dueAtMs });
      await store.write([
        due('a:1', 30),
        due('b:1', 10),
        due('c:1', 20),
        due('d:1', 31),
        create('e:1', { group: 'g' }),
      ]);
      const find = { collection: 'looks', group: 'g' } as const;
      expect(await keysOf(store.find({ ...find, dueUpToMs: 30, limit: 9 }))).toStrictEqual([
        'b:1',
        'c:1',
        'a:1',
      ]);
      expect(await keysOf(store.find({ ...find, dueUpToMs: 29, limit: 9 }))).toStrictEqual(['b:1', 'c:1']);
      expect(await keysOf(store.find({ ...find, dueUpToMs: 30, limit: 1 }))).toStrictEqual(['b:1']);
      const all = { ...find, dueUpToMs: Number.MAX_SAFE_INTEGER, limit: 9 };
      expect(await keysOf(store.find(all))).toStrictEqual(['b:1', 'c:1', 'a:1', 'd:1']);
    });
  });

  describe('expiry', () => {
    it('is checked when reading, at the exact millisecond', async () => {
      const { clock, store } = await opened();
      const expiresAtMs = clock.now() + 100;
      await store.write([create('k:1', { group: 'g', dueAtMs: 0, expiresAtMs })]);
      const find = { collection: 'looks', group: 'g', limit: 9 } as const;
      clock.advance(99);
      expect(await store.get('looks', 'k:1')).toBeDefined();
      await expect(store.write([create('k:1')])).rejects.toThrow(ConflictError);
      clock.advance(1);
      expect(await store.get('looks', 'k:1')).toBeUndefined();
      expect(await store.find(find)).toStrictEqual([]);
      expect(await store.find({ ...find, dueUpToMs: 0 })).toStrictEqual([]);
    });

    it('makes room for a new document, which expired ones do not crowd out of a page', async () => {
      const { clock, store } = await opened();
      const expiresAtMs = clock.now() + 1;
      const old = await createdVersion(store, create('k:1', { expiresAtMs }));
      await store.write([create('k:2', { expiresAtMs }), create('k:3')]);
      clock.advance(1);
      expect(await keysOf(store.find({ collection: 'looks', limit: 1 }))).toStrictEqual(['k:3']);
      const fresh = await createdVersion(store, create('k:1', { body: { fresh: true } }));
      expect(fresh).not.toBe(old);
      expect((await store.get('looks', 'k:1'))?.body).toStrictEqual({ fresh: true });
      expect(await keysOf(store.find({ collection: 'looks', limit: 9 }))).toStrictEqual(['k:1', 'k:3']);
    });
  });

  describe('counting documents', () => {
    it('counts those of a group that will expire, within a range of keys', async () => {
      const { clock, store } = await opened();
      const expiresAtMs = clock.now() + 100;
      const keys = ['a:1', 'a:2', 'a:3', 'b:1'];
      await store.write(keys.map((key) => create(key, { group: 'g', expiresAtMs })));
      await store.write([
        create('a:4', { group: 'h', expiresAtMs }),
        create('a:5', { expiresAtMs }),
        create('a:6', { group: 'g' }),
        create('a:2', { collection: 'slots', group: 'g', expiresAtMs }),
      ]);
      const count = { collection: 'looks', group: 'g' } as const;
      expect(await store.count(count)).toBe(4);
      expect(await store.count({ ...count, fromKey: 'a:2' })).toBe(3);
      expect(await store.count({ ...count, beforeKey: 'a:3' })).toBe(2);
      expect(await store.count({ ...count, fromKey: 'a:2', beforeKey: 'a:3' })).toBe(1);
      expect(await store.count({ ...count, group: 'i' })).toBe(0);
    });

    it('counts none that has expired, at the exact millisecond', async () => {
      const { clock, store } = await opened();
      await store.write([
        create('a:1', { group: 'g', expiresAtMs: clock.now() + 100 }),
        create('a:2', { group: 'g', expiresAtMs: clock.now() + 101 }),
      ]);
      const count = { collection: 'looks', group: 'g' } as const;
      clock.advance(99);
      expect(await store.count(count)).toBe(2);
      clock.advance(1);
      expect(await store.count(count)).toBe(1);
      clock.advance(1);
      expect(await store.count({ ...count, fromKey: 'a:1' })).toBe(0);
    });
  });

  describe('counting', () => {
    it('starts at 0, gives each of 50 racers its own sum, and starts anew after expiry', async () => {
      const { clock, store } = await opened();
      const expiresAtMs = clock.now() + 10;
      const sums = await race(50, () => store.increment('k:1', 1, expiresAtMs));
      expect(sums.toSorted((a, b) => a - b)).toStrictEqual(
        Array.from({ length: 50 }, (_, index) => index + 1),
      );
      expect(await store.increment('k:2', 7, expiresAtMs)).toBe(7);
      clock.advance(9);
      expect(await store.increment('k:2', 1, expiresAtMs)).toBe(8);
      clock.advance(1);
      expect(await store.increment('k:2', 1, clock.now() + 10)).toBe(1);
    });
  });
}
