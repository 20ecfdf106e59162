import * as z from 'zod';

const Ended = z.object({
  protoPayload: z.object({ metadata: z.object({ jobChange: z.object({ after: z.literal('DONE') }) }) }),
});

/** Whether the sink of `retry` lets an entry through: its filter is for jobs that ended (docs/retry.md). */
export function tellsOfAnEnd(entry: unknown): boolean {
  return Ended.safeParse(entry).success;
}
