import * as z from 'zod';
import { RefusedMessageError, readContent } from './pubsub-message.ts';
import { VERBS } from './setting-values.schema.ts';

const Tick = z.strictObject({ tick: z.enum(['sweep', 'history']), verb: z.enum(VERBS) });

/** A tick, and the message that brought it. */
export type Tick = z.infer<typeof Tick> & { readonly messageId: string | undefined };

/** What is carried out: only purge has a history. */
export const EXPECTED_TICK =
  'expected {"tick": "sweep", "verb": "cancel"}, "retry" or "purge", or {"tick": "history", "verb": "purge"}';

/**
 * Decodes the body of a push request to `tick`.
 *
 * @throws RefusedMessageError
 */
export function readTick(body: unknown): Tick {
  const { content, messageId } = readContent(body);
  const tick = Tick.safeParse(content);
  if (tick.success) return { ...tick.data, messageId };
  throw new RefusedMessageError(`it is no tick: ${EXPECTED_TICK}`, messageId);
}
