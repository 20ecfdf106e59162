import * as z from 'zod';
import { SweepPosition } from './sweep-position.schema.ts';

/** What a sweep that was not whole leaves to the next one. */
export const SweepNote = z.object({
  /** Where it stopped before the last page, and until when that is worth going on with. */
  stopped: z.exactOptional(z.object({ position: SweepPosition, untilMs: z.number() })),
  /** When the first sweep began of those, one after the other, that were not whole. */
  notWholeSinceMs: z.number(),
});
export type SweepNote = z.infer<typeof SweepNote>;
