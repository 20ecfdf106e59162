import * as z from 'zod';

/** A page of `entries.list` [Cloud Logging: entries.list]. Entries are read one by one, by the audit log's own parsers. */
export const EntriesPage = z.object({
  entries: z.array(z.unknown()).optional(),
  nextPageToken: z.string().optional(),
});
export type EntriesPage = z.infer<typeof EntriesPage>;
