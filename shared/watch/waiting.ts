import { tellableAtMs } from '../enforce/bigquery-now.ts';
import type { EnforcePorts, Span } from '../enforce/ports.ts';
import type { ForetoldLooks } from './foretold-looks.ts';
import type { Sight } from './sight.ts';

/** A time that has come is waited for at least this long again, should the clocks disagree about it. */
const MIN_WAIT_MS = 250;

/** Between the first two looks at a job's rate; each further one waits twice as long as the one before. */
const BETWEEN_LOOKS_MS = 1_000;

/**
 * When one job is looked at again: at the moments that time alone brings, and, ever more seldom, at those that its
 * rate so far foretells. A job that stands still just below a limit is looked at six times a minute.
 */
export class Waiting {
  readonly #span: Span;
  readonly #clock: EnforcePorts['clock'];
  readonly #looks: ForetoldLooks;
  /** How many moments that were only foretold have come. */
  #foretold = 0;

  constructor(span: Span, { clock }: EnforcePorts, looks: ForetoldLooks) {
    this.#span = span;
    this.#clock = clock;
    this.#looks = looks;
  }

  /** Whether a moment to look again comes within the horizon. */
  isAny(sight: Sight): boolean {
    return this.#next(sight) !== undefined;
  }

  /** Waits for the next moment to look. False: none comes within the horizon. */
  async passes(sight: Sight): Promise<boolean> {
    for (let next = this.#next(sight); next; next = this.#next(sight)) {
      await this.#clock.sleep(next.atMs - this.#clock.now());
      if (next.isCertain) return true;
      this.#foretold += 1;
      if (this.#looks.take()) return true;
    }
    return false;
  }

  #next({
    verdict,
    nowMs,
    ourNowMs,
  }: Sight): { readonly atMs: number; readonly isCertain: boolean } | undefined {
    const { recheckAtMs, certainAtMs } = verdict;
    const now = this.#clock.now();
    if (recheckAtMs === undefined || now < this.#span.startedAtMs) return undefined;
    const ours = (ms: number): number => Math.max(tellableAtMs(ms, nowMs, ourNowMs), now + MIN_WAIT_MS);
    const atMs = Math.max(ours(recheckAtMs), now + this.#shortestMs());
    const certain = certainAtMs === undefined ? Number.POSITIVE_INFINITY : ours(certainAtMs);
    const next = { atMs: Math.min(atMs, certain), isCertain: certain <= atMs };
    return next.atMs > this.#span.horizonAtMs ? undefined : next;
  }

  #shortestMs(): number {
    return this.#foretold === 0 ? 0 : BETWEEN_LOOKS_MS * 2 ** (this.#foretold - 1);
  }
}
