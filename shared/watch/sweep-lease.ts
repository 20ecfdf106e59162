import type { EnforcePorts, Span } from '../enforce/ports.ts';
import type { TakenLease } from '../ledger/ledger.ts';
import { SweepNote } from './sweep-note.schema.ts';
import type { SweepPosition } from './sweep-position.schema.ts';

/** So much longer than its horizon a sweep may take before the next one no longer waits for it. */
const MARGIN_MS = 30_000;
const RENEW_AFTER_MS = 10_000;
/** Whoever goes on comes within seconds, or at the next tick; what is older is not worth going on with. */
const POSITION_KEPT_MS = 300_000;
/** As long as a note is believed. Sweeps that come more seldom begin to count anew. */
const NOTE_KEPT_MS = 3_600_000;

export interface SweepLease {
  /** Where the sweep before stopped, if it did not come to the last page. */
  readonly position: SweepPosition | undefined;
  /**
   * Where the next sweep goes on; undefined: it begins with the newest job. Stored when the lease is given back.
   * A sweep that never calls it leaves the position that it found, for as long as that was to be kept.
   */
  goOnFrom(position: SweepPosition | undefined): void;
  /** When the first sweep began of those, one after the other, that were not whole: this one, or one before it. */
  readonly notWholeSinceMs: number;
  /** Whether the sweep before never came to its end. */
  readonly isAfterDeath: boolean;
  /** Says that this sweep is whole: all was listed, and nothing is left to try again. */
  becomeWhole(): void;
  /** Says that the sweep is alive. Cheap: it writes at most every few seconds. */
  renew(): Promise<void>;
  release(): Promise<void>;
}

/**
 * One sweep per project and verb at a time. Two at once do no harm, for every act has a claim of its own:
 * the lease saves the calls. So it is short, and renewed by a sweep that makes progress; one that died does
 * not keep the next ticks from looking.
 *
 * @param of the clean-up of history keeps no sweep from what is now
 */
export async function takeSweepLease(
  projectId: string,
  id: string,
  span: Span,
  { ledger, clock, verb }: Pick<EnforcePorts, 'ledger' | 'clock' | 'verb'>,
  of: 'sweep' | 'history' = 'sweep',
): Promise<SweepLease | undefined> {
  const name = `${of}/${verb}/${projectId}`;
  let takenAtMs = clock.now();
  // Should this sweep die, the next one knows since when none has been whole.
  const started: SweepNote = { notWholeSinceMs: takenAtMs };
  const leaving = { body: started, untilMs: takenAtMs + NOTE_KEPT_MS };
  const take = (): Promise<TakenLease | undefined> =>
    ledger.takeLease(name, id, Math.max(0, span.horizonAtMs - clock.now()) + MARGIN_MS, leaving);
  const taken = await take();
  if (taken === undefined) return undefined;
  let { version } = taken;
  // One that another version of the watchdog wrote may have another shape.
  const found = SweepNote.safeParse(taken.left?.body).data;
  // What only a clock ahead of ours can have written counts from now on.
  const notWholeSinceMs = Math.min(found?.notWholeSinceMs ?? takenAtMs, takenAtMs);
  let stopped = found?.stopped && found.stopped.untilMs > takenAtMs ? found.stopped : undefined;
  let isWhole = false;
  return {
    position: stopped?.position,
    goOnFrom(position) {
      stopped = position && { position, untilMs: clock.now() + POSITION_KEPT_MS };
    },
    notWholeSinceMs,
    isAfterDeath: taken.ranOut === true,
    becomeWhole() {
      isWhole = true;
    },
    async renew() {
      if (clock.now() - takenAtMs < RENEW_AFTER_MS) return;
      takenAtMs = clock.now();
      version = (await take())?.version ?? version;
    },
    async release() {
      const body: SweepNote = { notWholeSinceMs, ...(stopped && { stopped }) };
      const left = { body, untilMs: clock.now() + NOTE_KEPT_MS };
      await ledger.releaseLease(name, version, isWhole ? undefined : left);
    },
  };
}
