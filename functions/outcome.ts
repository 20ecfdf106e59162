import { JobsApiError } from '../shared/bigquery/errors.ts';
import { BrokenEntryError } from '../shared/job/errors.ts';
import { StaleClaimError } from '../shared/ledger/errors.ts';
import { RefusedMessageError } from './pubsub-message.ts';

/** What a failure means for the message that met it. */
type Fault = 'terminal' | 'transient' | 'unknown';

/** What Pub/Sub is told, and whether we keep a record of the message ourselves. */
export interface Outcome {
  readonly status: 204 | 503;
  readonly deadLetter: boolean;
}

/** The message was understood and its work is done. */
export const DONE: Outcome = { status: 204, deadLetter: false };

/** The message is sent again. */
export const NOT_DONE: Outcome = { status: 503, deadLetter: false };

/** The one place where failures become answers to Pub/Sub. */
export function outcomeOf(error: unknown): Outcome {
  switch (faultOf(error)) {
    case 'terminal':
      // It is not sent again, and remembered by its names.
      return { status: 204, deadLetter: true };
    case 'transient':
      // Pub/Sub sends it again after its back-off, and moves it to the dead-letter topic after so many times.
      return NOT_DONE;
    case 'unknown':
      // The claim stays as it is: the tick after its lease looks at the job and finishes the act.
      return DONE;
  }
}

/** The answer to a message of many jobs: it is sent again if that may help any of them. */
export function worstOf(faults: readonly unknown[]): Outcome {
  return faults.map(outcomeOf).find(({ status }) => status !== DONE.status) ?? DONE;
}

function faultOf(error: unknown): Fault {
  if (error instanceof RefusedMessageError || error instanceof BrokenEntryError) return 'terminal';
  if (error instanceof JobsApiError) return error.fault;
  // Somebody else holds the claim, and finishes the act.
  if (error instanceof StaleClaimError) return 'unknown';
  // A ledger out of reach, an unreadable owner file, or a fault of ours: it may pass, and Pub/Sub bounds the tries.
  return 'transient';
}
