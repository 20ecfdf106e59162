import * as z from 'zod';

const Ended = z.object({
  protoPayload: z.object({ metadata: z.object({ jobChange: z.object({ after: z.literal('DONE') }) }) }),
});

/** Whether the sinks of `retry` and `purge` let an entry through: their filter is for jobs that ended. */
export function tellsOfAnEnd(entry: unknown): boolean {
  return Ended.safeParse(entry).success;
}
