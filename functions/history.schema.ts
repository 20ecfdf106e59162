import * as z from 'zod';

/** A time as `tick` writes it, or a date, whose beginning in UTC is meant; in milliseconds since the epoch. */
const Instant = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()])
  .transform((text) => Date.parse(text));

/** `{"from": "…", "to": "…"}`: which part of a project's history, by the time of creation. */
export const History = z
  .strictObject({ from: Instant, to: Instant })
  .refine(({ from, to }) => from < to)
  .transform(({ from, to }) => ({ fromMs: from, toMs: to }));
export type History = z.infer<typeof History>;
