import * as z from 'zod';

/** A row of the SQLite table `documents`. */
export const DocumentRow = z.object({
  key: z.string(),
  version: z.number(),
  /** Text, unless somebody else wrote it. */
  body: z.unknown(),
  grp: z.nullable(z.string()),
  due: z.nullable(z.number()),
  expires: z.nullable(z.number()),
});
export type DocumentRow = z.infer<typeof DocumentRow>;

/** A body: any JSON object, taken as it is. */
export const JsonObject = z.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);
export type JsonObject = z.infer<typeof JsonObject>;
