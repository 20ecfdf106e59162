import { type CallContext, calledIn, errorBeforeSending } from './error-from-answer.ts';
import { HeldBackError } from './errors.ts';
import type { LastCheck } from './jobs-api.ts';

/**
 * Credentials may take seconds to come: whether a write is wanted is asked once more when they are there. What cannot
 * be asked is not sent; who plans it anew meets the fault.
 *
 * @throws HeldBackError when it is wanted no more, UnavailableError when the caller gave up; nothing was sent
 */
export async function checkLast(
  call: CallContext,
  signal: AbortSignal,
  isStillWanted: LastCheck | undefined,
): Promise<void> {
  const isWanted = isStillWanted === undefined || (await isStillWanted().catch(() => false));
  if (!isWanted) throw new HeldBackError(calledIn(call));
  if (signal.aborted) throw errorBeforeSending(call, 'the caller gave up before it was sent');
}
