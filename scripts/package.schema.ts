import * as z from 'zod';

/** What the scripts read of package.json. */
export const Package = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
});
export type Package = z.infer<typeof Package>;
