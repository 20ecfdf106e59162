import * as z from 'zod';

/** A time as `tick` writes it, in milliseconds since the epoch. */
const Instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** `{"from": "…", "to": "…"}`: which part of a project's history, by the time of creation. */
export const History = z
  .strictObject({ from: Instant, to: Instant })
  .refine(({ from, to }) => from < to)
  .transform(({ from, to }) => ({ fromMs: from, toMs: to }));
export type History = z.infer<typeof History>;
