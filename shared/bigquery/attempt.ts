import type { Clock } from '../ports/clock.ts';
import type { Turn } from './budget.ts';
import type { Answer } from './jobs-api.ts';

/** The server said nothing in the time it was given. */
export const SILENCE = Symbol('silence');

/**
 * Sends once and waits for at most `waitMs`: an answer that comes at that millisecond comes too late.
 * The turn is held until the attempt itself settles, which may be long after it was given up.
 */
export async function attempt(
  clock: Clock,
  turn: Turn,
  waitMs: number,
  send: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer | typeof SILENCE> {
  const givenUp = new AbortController();
  const timer = new AbortController();
  const silence = clock.sleep(waitMs, timer.signal).then(
    (): typeof SILENCE => SILENCE,
    (reason: unknown): typeof SILENCE => {
      if (timer.signal.aborted) return SILENCE;
      throw reason;
    },
  );
  const answer = begin(send, givenUp.signal);
  // Also keeps a failure that nobody waits for any more from counting as unhandled.
  answer.then(turn.release, turn.release);
  try {
    const first = await Promise.race([silence, answer]);
    if (first === SILENCE) {
      turn.abandon();
      givenUp.abort();
    }
    return first;
  } finally {
    timer.abort();
  }
}

/** A seam that throws at once is treated like one that rejects. */
async function begin(send: (signal: AbortSignal) => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  return send(signal);
}
