import type { Invariant } from '../invariant.ts';

/** An entry may be held for a tick before it is answered. */
const ANSWERED_WITHIN_MS = 75_000;

/** Whatever came, it is done with: acked, or in one of the two places for dead letters. */
export const settled: Invariant = {
  name: 'every message is acked or dead-lettered in the end',
  rule: 'rule 9',
  *onEnd({ nowMs }, { sent }) {
    for (const { messageId, kind, fate, deliveries, publishedAtMs } of sent) {
      if (nowMs - publishedAtMs > ANSWERED_WITHIN_MS && fate === 'under way')
        yield `${kind} ${messageId} is still under way after ${deliveries} deliveries`;
    }
  },
};

/** What nobody can understand is remembered by its names, and what is genuine never is. */
export const understood: Invariant = {
  name: 'dead letters are exactly the messages that cannot be used',
  rule: 'rule 9',
  *onEnd(_, { plan, sent, deadLetters, lossesMs }) {
    const isWithheld = plan.happenings.some((one) => one.kind === 'withheld');
    const dead = new Map(deadLetters.map((letter) => [letter.messageId, letter]));
    for (const { messageId, kind, fate } of sent) {
      const letter = dead.get(messageId);
      // What may not be looked at cannot be used either, as long as nobody grants it.
      if (isWithheld && letter?.fault.includes('not permitted')) continue;
      if (letter && (kind === 'event' || kind === 'sweep')) {
        yield `${kind} ${messageId} is genuine and was dead-lettered: ${letter.fault}`;
      }
      const isRefused = kind === 'garbage' || kind === 'unwatched';
      // Without a messageId in its envelope a letter cannot be told to be this one's.
      if (isRefused && !letter && fate === 'acked' && lossesMs.length === 0) {
        yield `${kind} ${messageId} was acked and left no dead letter`;
      }
    }
  },
};
