import type { SimulatorClock } from './clock.ts';
import { faultError } from './fault-answers.ts';
import type { Fault, LostAnswer } from './faults.ts';
import type { JsonRecord } from './json.ts';
import { ConnectionReset, type SimulatorResponse } from './request.ts';
import { jsonResponse } from './response.ts';

/**
 * The answer to a call under a fault. A silent fault never settles; a reset rejects with ConnectionReset.
 *
 * @param perform does what was asked for, where the fault lets it come to that; it is told the fault that is left
 * @throws ApiError for a fault that is one, and what `perform` throws
 */
export async function playFault(
  fault: Fault | undefined,
  clock: SimulatorClock,
  perform: (fault: Fault | undefined) => Promise<JsonRecord | undefined>,
): Promise<SimulatorResponse> {
  if (fault?.kind === 'slow') {
    await clock.sleep(fault.ms);
    return playFault(fault.followedBy, clock, perform);
  }
  if (fault?.kind === 'silent') return new Promise(() => undefined);
  if (fault?.kind === 'reset')
    throw new ConnectionReset('the connection was reset before the request was read');
  const refusal = fault === undefined ? undefined : faultError(fault);
  if (refusal !== undefined) throw refusal;
  const body = await perform(fault);
  const lost = fault?.kind === 'lost' || fault?.kind === 'lingers' ? fault.answer : undefined;
  if (lost !== undefined) return loseAnswer(lost);
  const response = jsonResponse(clock, body);
  if (fault?.kind !== 'malformed') return response;
  const { body: _, ...rest } = response;
  return { ...rest, status: 200, rawBody: (JSON.stringify(body) ?? '{"kind"').slice(0, 20) };
}

function loseAnswer(answer: LostAnswer): Promise<SimulatorResponse> {
  if (answer === 'silent') return new Promise(() => undefined);
  if (answer === 'reset') throw new ConnectionReset('the connection was reset before the answer was sent');
  throw faultError({ kind: 'unavailable' }) ?? new ConnectionReset('no answer');
}
