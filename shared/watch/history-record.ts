import { historyProgress } from '../alert/purge-alerts.ts';
import { tellAlerts } from '../enforce/outbox.ts';
import type { EnforcePorts } from '../enforce/ports.ts';
import type { HeldHistory, HistoryMark } from '../ledger/ledger.ts';
import type { StoppedBy } from './history-job.ts';
import { estimatedEndAtMs } from './history-plan.ts';

/** What walks of history have counted. */
export type HistoryCounts = Pick<HistoryMark, 'looked' | 'found' | 'purged'>;

type RecordPorts = Pick<EnforcePorts, 'clock' | 'ledger' | 'publisher' | 'log'>;

/**
 * How far a walk has come, in the ledger: nobody moves it who has not read what stands. Nothing is written before the
 * walk has come somewhere, for a plan made by a wrong clock must not replace what stands: a list tells of that first.
 */
export class HistoryRecord {
  #held: HeldHistory | undefined;
  #mark: HistoryMark;
  readonly #projectId: string;
  readonly #ports: RecordPorts;

  /**
   * @param before what stands in the ledger
   * @param mark where this walk begins
   */
  constructor(before: HeldHistory | undefined, mark: HistoryMark, projectId: string, ports: RecordPorts) {
    this.#held = before;
    this.#mark = mark;
    this.#projectId = projectId;
    this.#ports = ports;
  }

  get mark(): HistoryMark {
    return this.#mark;
  }

  /**
   * All that was created before then is judged, and purged or stored as due.
   *
   * @param stoppedBy why the walk does not go on beyond then, if it does not
   * @throws StaleMarkError when another walk came between, as all that write do
   */
  async moveTo(doneToMs: number, counts: HistoryCounts, stoppedBy?: StoppedBy): Promise<void> {
    const { stuckSinceMs: _, ...mark } = this.mark;
    const stuckSinceMs = this.#stuckSinceMs(doneToMs, stoppedBy);
    await this.#write({
      ...mark,
      doneToMs,
      looked: mark.looked + counts.looked,
      found: mark.found + counts.found,
      purged: mark.purged + counts.purged,
      ...(stuckSinceMs !== undefined && { stuckSinceMs }),
    });
  }

  /** Of several jobs of one moment each may fail in turn, so it is the moment that counts. */
  #stuckSinceMs(doneToMs: number, stoppedBy: StoppedBy | undefined): number | undefined {
    const before = doneToMs === this.mark.doneToMs ? this.mark.stuckSinceMs : undefined;
    if (stoppedBy === 'failed') return before ?? this.#ports.clock.now();
    return stoppedBy === undefined || stoppedBy === 'time' ? before : undefined;
  }

  async finish(): Promise<void> {
    await this.#write({ ...this.mark, finishedAtMs: this.#ports.clock.now() });
  }

  /**
   * People are told once an hour, and at the end; of a walk that only caught up and found nothing, not even then.
   *
   * @param onlyReported the policies that delete nothing in history
   */
  async tell(stoppedBy: StoppedBy | undefined, onlyReported: readonly string[]): Promise<void> {
    const { mark } = this;
    if (mark.coveredFromMs !== undefined && mark.found === 0) return;
    const nowMs = this.#ports.clock.now();
    const endAtMs = mark.finishedAtMs === undefined ? estimatedEndAtMs(mark, nowMs) : undefined;
    const progress = {
      ...mark,
      onlyReported,
      ...(endAtMs !== undefined && { estimatedEndAtMs: endAtMs }),
      // For want of time it goes on by another message at once.
      ...(stoppedBy !== undefined && stoppedBy !== 'time' && { stoppedBy }),
    };
    await tellAlerts([historyProgress(this.#projectId, progress, nowMs)], this.#ports);
  }

  async #write(mark: HistoryMark): Promise<void> {
    this.#held = await this.#ports.ledger.moveHistory(this.#projectId, this.#held, mark);
    this.#mark = mark;
  }
}
