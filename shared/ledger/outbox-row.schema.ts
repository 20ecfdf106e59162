import * as z from 'zod';

/** An alert as it is stored. The event is taken as it is: its shape is the alert layer's. */
export const OutboxRow = z.object({
  ceId: z.string(),
  event: z.custom<Readonly<Record<string, unknown>>>(isObject, 'expected an object'),
  published: z.boolean(),
});
export type OutboxRow = z.infer<typeof OutboxRow>;

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
