import type { Clock } from '../../shared/ports/clock.ts';

/**
 * A clock on which no answer takes too long, and on which what is slept to its end passes at once.
 *
 * @param meanwhile what happens in that time
 */
export function calmClock(meanwhile = async (_ms: number): Promise<void> => undefined): Pick<Clock, 'sleep'> {
  return {
    // Who hands in a signal sets a bound to something, and takes it back.
    sleep: (ms, signal) => {
      if (signal === undefined) return meanwhile(ms);
      return new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
      );
    },
  };
}
