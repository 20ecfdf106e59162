import * as z from 'zod';

/** What acts are done; each has claims, breakers and sweeps of its own. */
export const Verb = z.enum(['cancel', 'retry', 'purge']);
export type Verb = z.infer<typeof Verb>;
