import type { HeldClaim } from '../ledger/ledger.ts';
import type { HeldWork } from './hold-work.ts';
import { type Inserted, type Insertion, insertAttempt } from './insert-attempt.ts';
import type { Span } from './ports.ts';
import type { RetryPorts } from './retry-ports.ts';

/**
 * Inserts the job of an attempt for as long as its work is held, and lets go of that: whoever holds it next is told
 * what was inserted, or may have been.
 *
 * @throws as `insertAttempt`
 */
export async function insertHeld(
  held: HeldClaim,
  insertion: Insertion,
  work: HeldWork,
  span: Span,
  ports: RetryPorts,
): Promise<Inserted> {
  const isStillWanted = async (nowMs: number) =>
    ports.clock.now() < work.untilMs && insertion.isStillWanted(nowMs);
  const inserting = insertAttempt(held, { ...insertion, isStillWanted }, span, ports);
  const inserted = await inserting.catch(async (error: unknown) => {
    await work.release();
    throw error;
  });
  const mayBeMade = inserted.kind === 'made' || inserted.kind === 'in-doubt';
  await work.release(mayBeMade ? insertion.retry.attemptId : undefined);
  return inserted;
}
