import * as z from 'zod';
import type { Invariant } from '../invariant.ts';
import type { Past } from '../past.ts';

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
  *onEnd(_, { plan, sent, deadLetters, lossesMs, purges }) {
    const isWithheld = plan.happenings.some((one) => one.kind === 'withheld');
    const dead = new Map(deadLetters.map((letter) => [letter.messageId, letter]));
    for (const { messageId, kind, fate, body } of sent) {
      const letter = dead.get(messageId);
      // What may not be looked at cannot be used either, as long as nobody grants it.
      if (isWithheld && letter?.fault.includes('not permitted')) continue;
      if (letter?.fault.includes('knows no such job') && wasDeleted(body, purges, lossesMs)) continue;
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

/** Of a job that a person deleted, or a child that went with its parent, nobody can say that it ever was. */
function wasDeleted(body: unknown, { byPerson, gone }: Past['purges'], lossesMs: readonly number[]): boolean {
  const { data } = Push.parse(body).message;
  const entry = Buffer.from(data, 'base64').toString();
  const families = [...gone.values()].flatMap(({ family }) => family ?? []);
  const children = families.flatMap((family) => family.children.map(({ jobId }) => jobId));
  // What the ledger knew of a purge may have been lost.
  const roots = lossesMs.length > 0 ? families.map(({ root }) => root.jobId) : [];
  const ids = [...children, ...roots, ...[...byPerson].map((name) => name.slice(name.lastIndexOf('.') + 1))];
  return ids.some((id) => entry.includes(id));
}

const Push = z.object({ message: z.object({ data: z.string() }) });
