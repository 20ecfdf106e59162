import type { RawLook } from '../bigquery/jobs-client.ts';
import type { JobName } from '../job/job-name.ts';
import type { JustMade } from './just-made.schema.ts';
import type { Span } from './ports.ts';
import type { RetryPorts } from './retry-ports.ts';
import { lookToCompare } from './whole-look.ts';

/** A 404 so soon after the request says nothing yet (rule 3: a minute, and what two clocks may differ by). */
export const UNSEEN_FOR_MS = 90_000;

/**
 * A look at a job that was inserted so lately that lists may not show it. Undefined: there is none.
 *
 * @throws the errors of `bigquery/errors.ts` but NotFoundError; a ForbiddenError has been alerted
 */
export async function lookAtMade(
  name: JobName,
  { atMs }: JustMade,
  span: Span,
  ports: RetryPorts,
): Promise<RawLook | 'unseen' | undefined> {
  const look = await lookToCompare(name, span, ports);
  return look ?? (ports.clock.now() < atMs + UNSEEN_FOR_MS ? 'unseen' : undefined);
}
