import type { HeldBucket, HeldMark, SweepMark } from '../ledger/ledger.ts';
import { RUNNING_BUCKETS } from '../ledger/running-bucket.ts';
import { lookAfter } from './look-after.ts';
import type { EndedSweep } from './take-list.ts';
import { firstMark, movedTo, OVERLAP_MS } from './watermarks.ts';

const EVERY_BUCKET = [...Array(RUNNING_BUCKETS).keys()];

/** What a sweep records of its progress: the mark, and of the running set the buckets that changed. */
export class ProgressRecord {
  #held: HeldMark | undefined;
  #mark: SweepMark;
  readonly #sweep: EndedSweep;

  constructor(held: HeldMark | undefined, nowMs: number, sweep: EndedSweep) {
    this.#held = held;
    this.#mark = held?.mark ?? firstMark(nowMs);
    this.#sweep = sweep;
  }

  get mark(): SweepMark {
    return this.#mark;
  }

  /**
   * All that was created up to then, less the overlap, is listed: asks about the jobs that were waited for and are
   * on no list, and then records both.
   *
   * @returns false when there was no time to ask about all of them; they are waited for
   * @throws StaleMarkError
   */
  async moveTo(reachedMs: number, windowMs: number | undefined): Promise<boolean> {
    const { ports, projectId, over, unreachable } = this.#sweep;
    const digests = this.#held?.digests ?? [];
    // Without a mark nobody knows what buckets may be left.
    const unlike = this.#held === undefined ? EVERY_BUCKET : over.awaited.unlike(digests);
    const stored = await ports.ledger.runningBuckets(ports.verb, projectId, unlike);
    const missing = [...stored.values()].flatMap(({ jobs }) =>
      jobs.filter((name) => !over.awaited.has(name) && !over.isSettled(name)),
    );
    const isAll = await lookAfter(missing, this.#sweep);
    const buckets = new Map<number, HeldBucket>();
    const moved = movedTo(this.#mark, reachedMs, unreachable);
    let { watermarkMs } = moved;
    for (const bucket of over.awaited.unlike(digests)) {
      const { jobs, leftOutSinceMs } = over.awaited.fitting(bucket);
      watermarkMs = Math.min(watermarkMs, leftOutSinceMs + OVERLAP_MS);
      buckets.set(bucket, { ...stored.get(bucket), jobs });
    }
    await this.#write({ ...moved, watermarkMs, ...(windowMs !== undefined && { windowMs }) }, buckets);
    return isAll;
  }

  /** Nothing is done with; the next sweep is to try less at once. */
  async narrow(windowMs: number): Promise<void> {
    await this.#write({ ...this.#mark, windowMs }, new Map());
  }

  async #write(mark: SweepMark, buckets: ReadonlyMap<number, HeldBucket>): Promise<void> {
    const { ports, projectId } = this.#sweep;
    this.#held = await ports.ledger.moveMark(ports.verb, projectId, this.#held, mark, buckets);
    this.#mark = mark;
  }
}
