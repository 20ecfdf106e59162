import { historyProgress } from '../alert/purge-alerts.ts';
import { tellAlerts } from '../enforce/outbox.ts';
import type { EnforcePorts } from '../enforce/ports.ts';
import type { HeldHistory, HistoryMark } from '../ledger/ledger.ts';
import { estimatedEndAtMs } from './history-plan.ts';

/** What walks of history have counted. */
export type HistoryCounts = Pick<HistoryMark, 'looked' | 'found' | 'purged'>;

type RecordPorts = Pick<EnforcePorts, 'clock' | 'ledger' | 'publisher' | 'log'>;

/** How far a walk has come, in the ledger: nobody moves it who has not read what stands. */
export class HistoryRecord {
  #held: HeldHistory;
  readonly #projectId: string;
  readonly #ports: RecordPorts;

  private constructor(held: HeldHistory, projectId: string, ports: RecordPorts) {
    this.#held = held;
    this.#projectId = projectId;
    this.#ports = ports;
  }

  /** @throws StaleMarkError when another walk came between, as all that write do */
  static async begin(
    before: HeldHistory | undefined,
    mark: HistoryMark,
    projectId: string,
    ports: RecordPorts,
  ): Promise<HistoryRecord> {
    return new HistoryRecord(await ports.ledger.moveHistory(projectId, before, mark), projectId, ports);
  }

  get mark(): HistoryMark {
    return this.#held.mark;
  }

  /**
   * All that was created before then is judged, and purged or stored as due.
   *
   * @param stuckOn the job that keeps the walk from going on
   */
  async moveTo(doneToMs: number, counts: HistoryCounts, stuckOn?: string): Promise<void> {
    const { stuckOn: before, ...mark } = this.mark;
    const sinceMs = before?.job === stuckOn && before ? before.sinceMs : this.#ports.clock.now();
    await this.#write({
      ...mark,
      doneToMs,
      looked: mark.looked + counts.looked,
      found: mark.found + counts.found,
      purged: mark.purged + counts.purged,
      ...(stuckOn !== undefined && { stuckOn: { job: stuckOn, sinceMs } }),
    });
  }

  async finish(): Promise<void> {
    await this.#write({ ...this.mark, finishedAtMs: this.#ports.clock.now() });
  }

  /** People are told once an hour, and at the end; of a walk that only caught up and found nothing, not even then. */
  async tell(): Promise<void> {
    const { mark } = this;
    if (mark.coveredFromMs !== undefined && mark.found === 0) return;
    const nowMs = this.#ports.clock.now();
    const endAtMs = mark.finishedAtMs === undefined ? estimatedEndAtMs(mark, nowMs) : undefined;
    const progress = { ...mark, ...(endAtMs !== undefined && { estimatedEndAtMs: endAtMs }) };
    await tellAlerts([historyProgress(this.#projectId, progress, nowMs)], this.#ports);
  }

  async #write(mark: HistoryMark): Promise<void> {
    this.#held = await this.#ports.ledger.moveHistory(this.#projectId, this.#held, mark);
  }
}
