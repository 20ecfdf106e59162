import * as z from 'zod';

/** What keeps a retry that is due from being started, for now; in the words that alerts have for it (`because`). */
export const HeldBy = z.enum([
  'stopped',
  'breaker-open',
  'capped',
  'permission-missing',
  'dry-run',
  'same-work-runs',
  'not-compared',
  'list-not-read',
  'request-failed',
]);
export type HeldBy = z.infer<typeof HeldBy>;
