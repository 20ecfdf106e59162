import * as z from 'zod';
import { RefusedMessageError, readContent } from './pubsub-message.ts';
import { VERBS } from './setting-values.schema.ts';

const Tick = z.strictObject({ tick: z.enum(['sweep', 'history']), verb: z.enum(VERBS) });
export type Tick = z.infer<typeof Tick>;

/**
 * Decodes the body of a push request to `tick`.
 *
 * @throws RefusedMessageError
 */
export function readTick(body: unknown): Tick {
  const { content, messageId } = readContent(body);
  const tick = Tick.safeParse(content);
  if (tick.success) return tick.data;
  const expected = `{"tick": "sweep" or "history", "verb": one of ${VERBS.join(', ')}}`;
  throw new RefusedMessageError(`it is no tick: expected ${expected}`, messageId);
}
