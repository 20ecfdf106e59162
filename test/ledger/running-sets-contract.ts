import { describe, expect, it } from 'vitest';
import { StaleMarkError, UnreadableDocumentError } from '../../shared/ledger/errors.ts';
import type { HeldBucket, SweepMark } from '../../shared/ledger/ledger.ts';
import { bucketOf, digestOf, MOST_IN_A_BUCKET, RUNNING_BUCKETS } from '../../shared/ledger/running-bucket.ts';
import { DAY_MS, openWorld, race } from './ledger-examples.ts';
import type { OpenStore } from './open-store.ts';

const MARK: SweepMark = { watermarkMs: 7_000, behind: new Map([['EU', 3_000]]), windowMs: 5 };
const ALL = [...Array(RUNNING_BUCKETS).keys()];

function bucket(...jobs: readonly string[]): ReadonlyMap<number, HeldBucket> {
  return new Map([[3, { jobs }]]);
}

/** How far sweeps have come, and what ran then. */
export function describeRunningSets(open: OpenStore): void {
  describe('a running set', () => {
    it('is of one verb and project, and is kept for ever with its mark', async () => {
      const { clock, ledger, other } = await openWorld(open);
      expect(await ledger.sweepMark('cancel', 'shop')).toBeUndefined();
      const held = await ledger.moveMark('cancel', 'shop', undefined, MARK, bucket('US.job_1', 'job-2'));
      clock.advance(1_000 * DAY_MS);
      expect(await other.sweepMark('cancel', 'shop')).toStrictEqual(held);
      expect(held.mark).toStrictEqual(MARK);
      expect(
        held.digests.map((digest, index) => [index, digest]).filter(([, digest]) => digest !== ''),
      ).toEqual([[3, digestOf(['job-2', 'US.job_1'])]]);
      for (const which of [[3, 4], ALL]) {
        const found = await other.runningBuckets('cancel', 'shop', which);
        expect([...found.keys()]).toEqual(which);
        expect(found.get(3)).toMatchObject({ jobs: ['US.job_1', 'job-2'] });
        expect(found.get(4)).toStrictEqual({ jobs: [] });
      }
      expect(await ledger.sweepMark('cancel', 'example.com:shop')).toBeUndefined();
      expect((await ledger.runningBuckets('cancel', 'shop2', [3])).get(3)).toStrictEqual({ jobs: [] });
    });

    it('is changed bucket by bucket; the digests of the others stand', async () => {
      const { ledger } = await openWorld(open);
      const first = await ledger.moveMark('cancel', 'shop', undefined, MARK, bucket('US.job_1'));
      const mark = { watermarkMs: 8_000, behind: new Map() };
      const second = await ledger.moveMark('cancel', 'shop', first, mark, new Map([[9, { jobs: ['EU.a'] }]]));
      expect(second.digests[3]).toBe(first.digests[3]);
      expect(second.mark).toStrictEqual(mark);
      const { version = '' } = (await ledger.runningBuckets('cancel', 'shop', [3])).get(3) ?? {};
      const third = await ledger.moveMark(
        'cancel',
        'shop',
        second,
        mark,
        new Map([[3, { jobs: [], version }]]),
      );
      expect(third.digests[3]).toBe('');
      expect((await ledger.runningBuckets('cancel', 'shop', [3])).get(3)).toMatchObject({ jobs: [] });
    });

    it('is written by one of 20 racers, and by nobody who read before it', async () => {
      const { ledger, other } = await openWorld(open);
      const held = await ledger.moveMark('cancel', 'shop', undefined, MARK, new Map());
      const move = (racer: number) =>
        (racer % 2 ? ledger : other)
          .moveMark('cancel', 'shop', held, { ...MARK, watermarkMs: racer }, bucket(`US.job_${racer}`))
          .then(
            () => racer,
            (error: unknown) => {
              expect(error).toBeInstanceOf(StaleMarkError);
              return undefined;
            },
          );
      const [winner, ...more] = (await race(20, move)).filter((racer) => racer !== undefined);
      expect(more).toEqual([]);
      expect((await ledger.sweepMark('cancel', 'shop'))?.mark.watermarkMs).toBe(winner);
      const found = await ledger.runningBuckets('cancel', 'shop', [3]);
      expect(found.get(3)?.jobs).toEqual([`US.job_${winner}`]);
      await expect(ledger.moveMark('cancel', 'shop', undefined, MARK, new Map())).rejects.toThrow(
        StaleMarkError,
      );
    });

    it('leaves its mark where it was when a bucket was written in the meantime', async () => {
      const { ledger } = await openWorld(open);
      const held = await ledger.moveMark('cancel', 'shop', undefined, MARK, bucket('US.job_1'));
      const late = ledger.moveMark(
        'cancel',
        'shop',
        held,
        { ...MARK, watermarkMs: 9_000 },
        bucket('US.job_2'),
      );
      await expect(late).rejects.toThrow('the running set of shop for cancel was written by another sweep');
      expect(await ledger.sweepMark('cancel', 'shop')).toStrictEqual(held);
    });

    it('may hold more than one commit can, and its mark is in the last', async () => {
      const { ledger } = await openWorld(open);
      const long = Array.from({ length: 770 }, (_, index) => `US.${String(index).padStart(1_024, 'x')}`);
      expect(long.join(',').length).toBeLessThan(MOST_IN_A_BUCKET);
      const full = new Map([0, 1, 2, 3, 4, 5].map((number) => [number, { jobs: long }]));
      const held = await ledger.moveMark('cancel', 'shop', undefined, MARK, full);
      const found = await ledger.runningBuckets('cancel', 'shop', ALL);
      expect([...found.values()].filter(({ jobs }) => jobs.length === 770)).toHaveLength(6);
      expect(await ledger.sweepMark('cancel', 'shop')).toStrictEqual(held);
    });

    it('that is damaged is not read', async () => {
      const { ledger, store } = await openWorld(open);
      await ledger.moveMark('cancel', 'shop', undefined, MARK, bucket('US.job_1'));
      const [stored] = await store.find({ collection: 'running-sets', limit: 1 });
      if (stored === undefined) throw new Error('no bucket is stored');
      const { version, ...document } = stored;
      await store.write([{ ...document, kind: 'replace', ifVersion: version, body: { jobs: ['no name'] } }]);
      await expect(ledger.runningBuckets('cancel', 'shop', [3])).rejects.toThrow(UnreadableDocumentError);
    });

    it('spreads over its buckets', () => {
      const counts = ALL.map(() => 0);
      for (let index = 0; index < 6_400; index++) {
        const number = bucketOf(`US.job_${index}`);
        counts[number] = (counts[number] ?? 0) + 1;
      }
      expect(Math.min(...counts)).toBeGreaterThan(50);
      expect(Math.max(...counts)).toBeLessThan(150);
    });
  });
}
